/** Bare `ws`: a set of sockets and `send` for each of them. Nothing is stored, nobody is asked who they are. */
import { WebSocketServer } from 'ws';
import { padded, rowOf, snapshotRows } from './frame.mjs';
import { listen } from './listen.mjs';

const frameBytes = Number(process.env.PEER_FRAME_BYTES ?? 0);
const snapshot = JSON.stringify({ type: 'snapshot', rows: snapshotRows() });

const server = listen((messages) => {
  for (const message of messages) {
    const text = padded(JSON.stringify(rowOf(message)), frameBytes);
    for (const client of sockets.clients) client.send(text);
  }
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (client) => client.send(snapshot));
