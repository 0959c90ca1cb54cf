/**
 * A program that asks an application how it is, for bases without a shell: `healthcheck PORT [PATH]`, where PORT may be `VARIABLE:PORT`. It is made of package
 * `net` alone, as `net/http` would make it more than twice as large.
 */
export const probeModule: readonly string[] = ['module healthcheck', '', 'go 1.21'];

export const probeSource: readonly string[] = `package main

import (
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	args, headers, anyAnswer := os.Args[1:], "", false
	for ; strings.HasPrefix(args[0], "-"); args = args[1:] {
		if args[0] == "-any" {
			anyAnswer = true
		} else {
			headers = "X-Forwarded-Proto: https\\r\\n"
		}
	}
	port := args[0]
	if name, usual, found := strings.Cut(port, ":"); found {
		if port = os.Getenv(name); port == "" {
			port = usual
		}
	}
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port[strings.LastIndex(port, ":")+1:], 2*time.Second)
	if err != nil {
		os.Exit(1)
	}
	if len(args) == 1 {
		return
	}
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	conn.Write([]byte("GET " + args[1] + " HTTP/1.1\\r\\nHost: localhost\\r\\nUser-Agent: healthcheck\\r\\n" + headers + "Connection: close\\r\\n\\r\\n"))
	answer := make([]byte, 12)
	for at := 0; at < len(answer); {
		n, err := conn.Read(answer[at:])
		if err != nil {
			os.Exit(1)
		}
		at += n
	}
	if class := answer[9]; class != '2' && (!anyAnswer || class == '5') {
		os.Exit(1)
	}
}`.split('\n');
