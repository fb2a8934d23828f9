/* filler.c - a library that takes FILLER_SIZE bytes of the memory for thread-local objects that libraries have which are
 * loaded late. */
__attribute__((tls_model("initial-exec"))) _Thread_local char filler_block[FILLER_SIZE];
char *filler_use(void);
char *filler_use(void) { return filler_block; }
