/** Socket.IO as its manual sets it up: everybody in one room, and `emit` to the room. Nothing is stored. */
import { Server } from 'socket.io';
import { padded, rowOf, snapshotRows } from './frame.mjs';
import { listen } from './listen.mjs';

/** What the packet adds: `42["message",` and `]`. */
const PACKET_BYTES = 14;
const frameBytes = Number(process.env.PEER_FRAME_BYTES ?? 0) - PACKET_BYTES;
const snapshot = { type: 'snapshot', rows: snapshotRows() };

const server = listen((messages) => {
  for (const message of messages) {
    const row = { ...rowOf(message), pad: '' };
    row.pad = padded('', frameBytes - JSON.stringify(row).length);
    io.to('inbox').emit('message', row);
  }
});
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.join('inbox');
  socket.emit('message', snapshot);
});
