using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Xentree.Bench.Load;

/// <summary>HTTP/1.1 over connections that are kept, one a worker; nothing of a client's own comforts, because the process is shared with the server.</summary>
internal sealed class HttpCalls(Uri address) : IDisposable
{
    // No trace of the client's own: the server must begin one for each request, as in production.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseCookies = false, UseProxy = false });

    /// <summary>Gets, and reads the answer to its end.</summary>
    /// <returns>The length of the body.</returns>
    public Task<long> GetAsync(string path, string? token, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, token, cancellation);

    /// <summary>Posts JSON, and reads the answer to its end.</summary>
    /// <returns>The length of the body.</returns>
    public Task<long> PostAsync(string path, string json, string? token, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), token, cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<long> SendAsync(HttpMethod method, string path, HttpContent? content, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request, cancellation);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
            throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");

        await using var counted = new Counted();
        await response.Content.CopyToAsync(counted, cancellation);
        return counted.Length;
    }

    /// <summary>Counts what is written to it and keeps nothing.</summary>
    private sealed class Counted : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _length += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _length += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
