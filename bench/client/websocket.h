/* As little of RFC 6455 as a reader needs: unfragmented frames in, short masked text frames out. */
#ifndef WEBSOCKET_H
#define WEBSOCKET_H
#include <stddef.h>
#include <stdint.h>

enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

typedef struct {
  int opcode;
  const char *text;
  size_t length;
} Frame;

/* Takes one frame off the front of `bytes`: how many bytes it held, 0 when it is not complete, -1 when it is none. */
long frame_take(const char *bytes, size_t available, Frame *frame);

/* Writes a masked frame to `out`, which has room for `length` + 14 bytes; returns its size. */
size_t frame_make(char *out, int opcode, const char *text, size_t length);
#endif
