import type { AccessToken, TokenStore } from '../../shared/core/access.ts';

/** Access tokens, kept as long as this object lives. */
export function createMemoryTokens(): TokenStore {
  const tokens = new Map<string, AccessToken>();
  return {
    add: async (sha256, token) => void tokens.set(sha256, token),
    find: async (sha256) => tokens.get(sha256) ?? null,
    list: async () => [...tokens.values()].toSorted((a, b) => a.createdAtMs - b.createdAtMs),
    revoke: async (id) => {
      const found = [...tokens].find(([, token]) => token.id === id);
      return found !== undefined && tokens.delete(found[0]);
    },
  };
}
