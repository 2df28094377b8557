import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../shared/core/json.ts';
import { categories } from '../../shared/resources/categories.ts';
import { categoryTree, withDescendants } from '../../shared/resources/category-tree.ts';
import { contextOf, snapshotOf } from './catalog.ts';

/** Categories with these parents: `{ 2: 1 }` is 2 below 1. */
const family = (parents: Readonly<Record<number, number | null>>) =>
  snapshotOf(
    categories,
    Object.entries(parents).map(([id, parent]) => ({ id: Number(id), name: `c${id}`, parent })),
  );

const treeOf = (snapshot: ReturnType<typeof family>) =>
  categoryTree(contextOf({ categories: snapshot }));

const idOf = (node: JsonObject): string => JSON.stringify(node['id']);

/** As `1(2(3) 4)`, with `!` behind those in a cycle and `?` behind orphans. */
function outline(nodes: readonly JsonObject[]): string {
  return nodes
    .map((node) => {
      const marks = `${node['in_cycle'] === true ? '!' : ''}${node['parent_missing'] === true ? '?' : ''}`;
      const below = outline(childrenOf(node));
      return `${idOf(node)}${marks}${below === '' ? '' : `(${below})`}`;
    })
    .join(' ');
}

function childrenOf(node: JsonObject): readonly JsonObject[] {
  const { children } = node;
  return Array.isArray(children) ? children.filter(isJsonObject) : [];
}

/** All nodes, without recursion. */
function flat(nodes: readonly JsonObject[]): JsonObject[] {
  const all = [...nodes];
  for (const node of all) all.push(...childrenOf(node));
  return all;
}

describe('the tree', () => {
  test.each([
    ['nested to any depth', { 1: null, 2: 1, 3: 2, 4: 3, 5: 1 }, '1(2(3(4)) 5)'],
    ['whatever the order of parents and children', { 1: 3, 2: 1, 3: null }, '3(1(2))'],
    ['with orphans among the roots', { 1: null, 2: 9, 3: 2 }, '1 2?(3)'],
    ['with its own parent as a root', { 1: 1, 2: 1 }, '1!(2)'],
    [
      'with a cycle’s members as roots, and what is below them',
      { 1: 2, 2: 3, 3: 1, 4: 2 },
      '1! 2!(4) 3!',
    ],
    ['of nothing', {}, ''],
  ])('is %s', (_rule, parents, expected) => {
    expect(outline(treeOf(family(parents)).main_categories)).toBe(expected);
  });

  test('counts its roots and the rest', () => {
    expect(treeOf(family({ 1: null, 2: 1, 3: 2, 4: 9 }))).toMatchObject({
      total_main: 2,
      total_sub: 2,
    });
  });

  test('has every category exactly once, whatever the parents are', () => {
    const parents = fc.array(fc.option(fc.integer({ min: 0, max: 12 })), { maxLength: 12 });
    fc.assert(
      fc.property(parents, (list) => {
        const snapshot = family(Object.fromEntries(list.entries()));
        const ids = flat(treeOf(snapshot).main_categories).map((node) => idOf(node));
        expect(ids.toSorted()).toEqual(list.map((_, id) => String(id)).toSorted());
        for (const id of ids) expect(withDescendants(snapshot, id).size).toBeGreaterThan(0);
      }),
    );
  });

  test('of a chain of 5,000 has each once, and is still JSON that a reader can take', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 5000 }, (_, depth) => [depth + 1, depth === 0 ? null : depth]),
    );
    const tree = treeOf(family(chain));
    const again: unknown = JSON.parse(JSON.stringify(tree));
    expect(again).toEqual(tree);
    const nodes = flat(tree.main_categories);
    expect(new Set(nodes.map((node) => node['id'])).size).toBe(5000);
    expect(nodes).toHaveLength(5000);
    const apart = nodes.filter((node) => node['nested_apart'] === true).map((node) => node['id']);
    expect(apart.slice(0, 2)).toEqual([201, 401]);
    expect(tree.total_main).toBe(25);
  });
});

describe('a category and its descendants', () => {
  const snapshot = family({ 1: null, 2: 1, 3: 2, 4: 1, 5: null, 6: 7, 7: 6, 8: 6 });

  test.each([
    ['1', ['1', '2', '3', '4']],
    ['3', ['3']],
    ['6', ['6', '8']],
    ['99', ['99']],
  ])('of %s are %j', (id, expected) => {
    expect([...withDescendants(snapshot, id)].toSorted()).toEqual(expected);
  });

  test('of a chain of 5,000 are all of it', () => {
    const chain = Array.from({ length: 5000 }, (_, depth) => [depth + 1, depth || null]);
    expect(withDescendants(family(Object.fromEntries(chain)), '1').size).toBe(5000);
  });
});
