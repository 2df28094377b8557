/** The other end of `startChild`: says that it is ready, then answers messages one by one until the other
 *  side is gone. What fails is said on standard error, and ends the program. */
export function serve(answer: (question: unknown) => Promise<object>): void {
  process.on('message', (question) => {
    answer(question).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}
