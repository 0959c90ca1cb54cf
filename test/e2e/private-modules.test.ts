import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { UserError } from '../../src/model/errors.ts';
import { fill } from '../support/folder.ts';
import { turnOf } from '../support/share.ts';
import { docker, engine, standIns, withEngine } from './engine.ts';
import { forms, foundBelow } from './layers.ts';

const golang = 'golang:1.26-trixie';
const token = `canary-go-${randomBytes(12).toString('hex')}`;

/** A host with one module, which answers nobody without the login: Go sends one over TLS alone, so it makes a certificate, and prints it with the lines of go.sum. */
const server = `package main

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	addresses, _ := net.InterfaceAddrs()
	var ip net.IP
	for _, one := range addresses {
		if found, ok := one.(*net.IPNet); ok && !found.IP.IsLoopback() && found.IP.To4() != nil {
			ip = found.IP
		}
	}
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{ip}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	made, _ := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	path := ip.String() + "/kit"
	mod := "module " + path + "\\n\\ngo 1.21\\n"
	files := [][2]string{{"go.mod", mod}, {"kit.go", "package kit\\n\\n// Word is what the application says.\\nconst Word = \\"probe\\"\\n"}}
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	sums := ""
	for _, one := range files {
		name := path + "@v1.0.0/" + one[0]
		writer, _ := archive.Create(name)
		writer.Write([]byte(one[1]))
		sums += fmt.Sprintf("%x  %s\\n", sha256.Sum256([]byte(one[1])), name)
	}
	archive.Close()
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "h1:" + base64.StdEncoding.EncodeToString(sum[:])
	}
	ofMod := hash(fmt.Sprintf("%x  go.mod\\n", sha256.Sum256([]byte(mod))))
	wanted := "Basic " + base64.StdEncoding.EncodeToString([]byte("bob:"+os.Getenv("TOKEN")))
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != wanted {
			w.WriteHeader(401)
			return
		}
		switch {
		case r.URL.Query().Get("go-get") == "1":
			fmt.Fprintf(w, "<html><head><meta name=\\"go-import\\" content=\\"%s mod https://%s/proxy\\"></head></html>", path, ip)
		case strings.HasSuffix(r.URL.Path, "/list"):
			fmt.Fprintln(w, "v1.0.0")
		case strings.HasSuffix(r.URL.Path, ".info"):
			fmt.Fprintln(w, "{\\"Version\\":\\"v1.0.0\\",\\"Time\\":\\"2026-01-01T00:00:00Z\\"}")
		case strings.HasSuffix(r.URL.Path, ".mod"):
			w.Write([]byte(mod))
		case strings.HasSuffix(r.URL.Path, ".zip"):
			w.Write(packed.Bytes())
		default:
			w.WriteHeader(404)
		}
	})
	listener, err := tls.Listen("tcp", ":443", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{made}, PrivateKey: key}}})
	if err != nil {
		panic(err)
	}
	said, _ := json.Marshal(map[string]string{
		"host": ip.String(),
		"certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made})),
		"sums": path + " v1.0.0 " + hash(sums) + "\\n" + path + " v1.0.0/go.mod " + ofMod + "\\n",
	})
	fmt.Println(string(said))
	http.Serve(listener, handler)
}
`;

type Host = { readonly host: string; readonly certificate: string; readonly sums: string };

const application = ({ host, sums }: Host): Readonly<Record<string, string>> => ({
  'go.mod': `module example.com/mini\n\ngo 1.26\n\nrequire ${host}/kit v1.0.0\n`,
  'go.sum': sums,
  'main.go': `package main\n\nimport (\n\t"fmt"\n\t"os"\n\n\t"${host}/kit"\n)\n\nfunc main() {\n\tfmt.Println("the app says "+kit.Word, len(os.Args))\n}\n`,
  Makefile: `export GOPRIVATE = ${host}/*\n\nbuild:\n\tgo build\n`,
});

withEngine('private modules of Go', () => {
  let root = '';
  let id = '';
  let host: Host = { host: '', certificate: '', sums: '' };
  let named: readonly string[] = [];
  const tag = `e2e-private-go-${process.pid}:local`;
  const base = `e2e-private-go-base-${process.pid}:local`;
  beforeAll(() => {
    named = standIns([golang]);
    root = mkdtempSync(join(tmpdir(), 'dockwright-private-go-'));
    const start = 'printf %s "$SERVER" > /tmp/server.go && exec go run /tmp/server.go';
    const env = ['--env', `TOKEN=${token}`, '--env', `SERVER=${server}`];
    id = docker(['run', '--detach', '--rm', '--init', ...env, golang, 'sh', '-c', start]).trim();
    let said = '';
    for (let left = 300; left > 0 && said === ''; left -= 1) {
      said = docker(['logs', id]).trim();
      if (said === '') docker(['exec', id, 'sleep', '0.5']);
    }
    host = JSON.parse(said) as Host;
    // the certificate of the private host is known to the base, as that of a company is
    const trusting = join(root, 'base');
    mkdirSync(trusting);
    fill(trusting, {
      'ca.pem': host.certificate,
      Dockerfile: `FROM ${golang}\nCOPY ca.pem /tmp/ca.pem\nRUN cat /tmp/ca.pem >> /etc/ssl/certs/ca-certificates.crt\n`,
    });
    docker(['build', '--quiet', '--tag', base, trusting]);
  }, 600_000);
  afterAll(() => {
    if (id) docker(['rm', '--force', id]);
    for (const one of [tag, base, ...named]) docker(['image', 'rm', '--force', one]);
    if (root) rmSync(root, { recursive: true });
  });

  // for each change by turns, as the managers of other languages are
  const isTurn = turnOf(['go', 'python', 'javascript'], 3).includes('go');
  it.skipIf(!isTurn)(
    'end with the instruction that installs: no layer, history, attestation or cache export holds the login',
    async () => {
      const app = join(root, 'app');
      mkdirSync(app);
      fill(app, application(host));
      await writeGeneration(await generate({ cwd: app }), { edits: true, env: true });
      const file = join(app, 'Dockerfile');
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('--mount=type=secret,id=NETRC_CONTENT,target=/root/.netrc');
      writeFileSync(file, text.replaceAll(/golang:[\w.-]+/g, base));
      process.env['NETRC_CONTENT'] = `machine ${host.host} login bob password ${token}`;
      try {
        const report = await build({ cwd: app, tag, baseline: false, buildSecrets: ['NETRC_CONTENT'] }).catch(
          (error: unknown) => {
            if (error instanceof UserError) console.error(error.printed.join('\n'));
            throw error;
          },
        );
        expect(report.secrets).toMatchObject([{ value: 'shell' }]);
        expect(docker(['run', '--rm', tag])).toContain('the app says probe');
        const needles = forms(token);
        const texts = [docker(['history', '--no-trunc', tag]), docker(['image', 'inspect', tag])].join('\n');
        for (const needle of needles) expect(texts).not.toContain(needle);
        const out = join(root, 'out');
        for (const target of ['production', 'development'])
          docker(
            [
              ...['buildx', 'build', '--target', target, '--secret', 'id=NETRC_CONTENT,env=NETRC_CONTENT'],
              ...['--provenance=mode=max', '--output', `type=oci,dest=${join(out, target)},tar=false`],
              ...(engine?.containerd ? ['--cache-to', `type=local,dest=${join(out, `${target}-cache`)},mode=max`] : []),
              '.',
            ],
            app,
          );
        const found = await foundBelow(out, [...needles, 'kit.Word', 'buildkit']);
        // the search does look into layers and attestations
        expect(found).toContain('kit.Word');
        expect(found).toContain('buildkit');
        for (const needle of needles) expect(found.has(needle), needle).toBe(false);
      } finally {
        delete process.env['NETRC_CONTENT'];
      }
    },
  );
});
