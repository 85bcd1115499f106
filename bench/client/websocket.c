#include "websocket.h"
#include <string.h>

long frame_take(const char *bytes, size_t available, Frame *frame) {
  const unsigned char *head = (const unsigned char *)bytes;
  size_t header = 2, length;
  if (available < 2) return 0;
  if (!(head[0] & 0x80) || (head[0] & 0x70) || (head[1] & 0x80)) return -1;
  length = head[1];
  if (length == 126) {
    if (available < 4) return 0;
    length = (size_t)head[2] << 8 | head[3];
    header = 4;
  } else if (length == 127) {
    if (available < 10) return 0;
    length = 0;
    for (int i = 2; i < 10; i++) length = length << 8 | head[i];
    header = 10;
  }
  if (available < header + length) return 0;
  frame->opcode = head[0] & 0x0f;
  frame->text = bytes + header;
  frame->length = length;
  return (long)(header + length);
}

size_t frame_make(char *out, int opcode, const char *text, size_t length) {
  static const unsigned char mask[4] = {0x52, 0x6f, 0x73, 0x74};
  size_t header = 2;
  out[0] = (char)(0x80 | opcode);
  if (length < 126) {
    out[1] = (char)(0x80 | length);
  } else {
    out[1] = (char)(0x80 | 126);
    out[2] = (char)(length >> 8);
    out[3] = (char)length;
    header = 4;
  }
  memcpy(out + header, mask, 4);
  header += 4;
  for (size_t i = 0; i < length; i++) out[header + i] = (char)(text[i] ^ mask[i & 3]);
  return header + length;
}
