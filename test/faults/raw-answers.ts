import type { Answer } from '../support/supplier.ts';

/** Bytes straight onto the socket, in place of an HTTP answer. */
const raw =
  (bytes: string | Buffer, { closes = true } = {}): Answer =>
  ({ socket }) => {
    if (closes) socket?.end(bytes);
    else socket?.write(bytes);
  };

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const LIST = '{"count": 1, "next": null, "results": [{"id": 1, "name": "Poisoned"}]}';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** What a broken server or proxy puts on the wire; none of it is a complete answer. */
export const rawAnswers: readonly (readonly [string, Answer])[] = [
  ['no HTTP at all', raw('SSH-2.0-OpenSSH_9.6\r\n')],
  ['a closed connection', raw('')],
  ['half a status line', raw('HTTP/1.1 2')],
  ['headers without an end', raw(`${HEAD}x-more: `)],
  ['a header without measure', raw(`${HEAD}x-long: ${'a'.repeat(200_000)}\r\n\r\n[]`)],
  ['a length longer than the body', raw(`${HEAD}content-length: 5000\r\n\r\n${LIST}`)],
  ['a negative length', raw(`${HEAD}content-length: -5\r\n\r\n${LIST}`)],
  ['two lengths', raw(`${HEAD}content-length: 70\r\ncontent-length: 2\r\n\r\n${LIST}`)],
  ['chunks without the last', raw(`${HEAD}transfer-encoding: chunked\r\n\r\n${chunk(LIST)}`)],
  ['a chunk size that is none', raw(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n${LIST}`)],
  [
    'a length and chunks at once',
    raw(`${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n${chunk(LIST)}0\r\n\r\n`),
  ],
  ['a null byte in a header', raw(`${HEAD}x-null: a\0b\r\n\r\n${LIST}`)],
  ['100 Continue and no more', raw('HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), { closes: false })],
];

/** An answer, but not the one asked for: nothing to try again. */
export const switchOfProtocols = raw('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n');
