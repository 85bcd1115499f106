/* Whom the client loads: one server on loopback, and the dialect it speaks. */
#ifndef TARGET_H
#define TARGET_H
#include <stdbool.h>

/* ROOST lists one inbox, and is handed messages as they are; AGENTS work in conversations, which webhooks bring. */
typedef enum { ROOST, BARE_WS, SOCKET_IO, AGENTS } Dialect;

/* One person at work: who they are, and the conversation they have open. */
typedef struct {
  char token[1024], conversation[64];
} Agent;

typedef struct {
  Dialect dialect;
  int port;
  const char *token;        /* bearer token, or "" */
  const char *publish_path; /* where messages are posted */
  const char *secret;       /* AGENTS: what webhooks are signed with */
  unsigned customers;       /* AGENTS: so many write, in turns */
  Agent *agents;            /* AGENTS: the readers, in the order in which they open */
  unsigned agent_count;
} Target;

extern Target target;

/* Reads a line for each agent, `token conversation`. */
void target_agents(const char *file);

/* A non-blocking socket on its way to the target. Connections spread over 127.0.0.0/8, so that ports suffice. */
int target_connect(unsigned ordinal);
#endif
