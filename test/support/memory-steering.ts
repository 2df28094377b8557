import type { ForceMark, GivenAnswer, SteeringStore } from '../../shared/core/force-limit.ts';

/** What steering keeps, as long as this object lives. */
export function createMemorySteering(): SteeringStore {
  let kept: { readonly marks: readonly ForceMark[]; readonly revision: number } = {
    marks: [],
    revision: 0,
  };
  const answers = new Map<string, GivenAnswer>();
  return {
    forces: async () => kept,
    replaceForces: async (marks, revision) => {
      if (kept.revision !== revision) return false;
      kept = { marks, revision: revision + 1 };
      return true;
    },
    answer: async (key) => answers.get(key) ?? null,
    keepAnswer: async (key, answer) => {
      if (answers.has(key)) return false;
      answers.set(key, answer);
      return true;
    },
    forgetAnswer: async (key) => void answers.delete(key),
  };
}
