namespace Xentree.Ai;

/// <summary>
/// The one way in which providers' libraries reach the network. What a provider says about a failure is not read: it could be anything,
/// and a status tells enough.
/// </summary>
internal sealed class ProviderHttp : DelegatingHandler
{
    private readonly TimeProvider _time;

    private ProviderHttp(TimeProvider time)
        : base(new SocketsHttpHandler
        {
            // A redirect could carry the key to another address.
            AllowAutoRedirect = false,
            // An answer that nobody waits for is cut off; reading on to save the connection would let the model write on.
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        }) => _time = time;

    /// <summary>A client for a provider's library; how long to wait is not its business.</summary>
    public static HttpClient Client(TimeProvider time, Uri? address = null) =>
        new(new ProviderHttp(time)) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;

        using (response)
        {
            var after = response.Headers.RetryAfter;
            throw ProviderFailure.OfStatus((int)response.StatusCode, after?.Delta ?? (after?.Date is { } date ? date - _time.GetUtcNow() : null));
        }
    }
}
