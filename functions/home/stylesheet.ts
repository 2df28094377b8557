/** The page's own stylesheet: a file of its own, so that the page's policy allows no inline style. */
export const STYLESHEET = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 0 auto; padding: 1rem; }
ul { display: grid; gap: 1rem; padding: 0; list-style: none; }
.categories { grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); }
.products { grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); }
li { padding: 0.75rem; border: 1px solid #8884; border-radius: 0.5rem; }
img { width: 100%; height: 10rem; object-fit: contain; }
h3 { margin: 0.5rem 0; font-size: 1rem; }
p { margin: 0.25rem 0; }
s, small, footer { opacity: 0.7; }
`.trimStart();
