/* A library that answers as ONNX Runtime 1.17.1 does when it is asked for a newer
 * C API: it has a version, but no API. Compiled by the tests. */
#include <stddef.h>
#include <stdint.h>

typedef struct {
	const void *(*GetApi)(uint32_t version);
	const char *(*GetVersionString)(void);
} Base;

static const void *get_api(uint32_t version) { (void)version; return NULL; }
static const char *get_version(void) { return "1.17.1"; }
static const Base base = {get_api, get_version};

const Base *OrtGetApiBase(void) { return &base; }
