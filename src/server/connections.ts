import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The open connections of a server, so that closing it waits for work and for nothing else. */
export interface Connections {
  /** cuts event streams, which would never end by themselves; their clients come back to another process */
  endStreams(): void;
  /** cuts the connections on which nothing is asked: those that never asked anything would hold up the server's close for ever */
  dropIdle(): void;
}

export function trackConnections(server: Server): Connections {
  const busy = new Map<Socket, number>();
  const answers = new Set<ServerResponse>();
  const add = (socket: Socket, count: number) => {
    const before = busy.get(socket);
    if (before !== undefined) busy.set(socket, before + count);
  };
  server.on('connection', (socket: Socket) => {
    busy.set(socket, 0);
    socket.once('close', () => busy.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    add(request.socket, 1);
    answers.add(response);
    response.once('close', () => {
      add(request.socket, -1);
      answers.delete(response);
    });
  });
  return {
    endStreams: () => {
      for (const response of answers) {
        if (isEventStream(response)) response.end();
      }
    },
    dropIdle: () => {
      for (const [socket, count] of busy) {
        if (count === 0) socket.destroy();
      }
    },
  };
}

export function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
