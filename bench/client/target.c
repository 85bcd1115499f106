#include "target.h"
#include "loop.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PER_SOURCE_ADDRESS = 2000 };

Target target;

void target_agents(const char *path) {
  FILE *file = fopen(path, "r");
  Agent agent;
  if (!file) die("agents");
  target.agent_count = 0;
  while (fscanf(file, "%1023s %63s", agent.token, agent.conversation) == 2) {
    target.agents = realloc(target.agents, (target.agent_count + 1) * sizeof agent);
    if (!target.agents) die("realloc");
    target.agents[target.agent_count++] = agent;
  }
  fclose(file);
}

int target_connect(unsigned ordinal) {
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0) die("socket");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in from = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK + ordinal / PER_SOURCE_ADDRESS)};
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)target.port),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0) die("bind");
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
    close(fd);
    return -1;
  }
  return fd;
}
