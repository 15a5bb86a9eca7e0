namespace Xentree.Api.Http;

internal static class EventStreams
{
    /// <summary>The media type of server-sent events.</summary>
    public const string MediaType = "text/event-stream";

    extension(HttpRequest request)
    {
        /// <summary>Whether the caller wants the answer as server-sent events.</summary>
        public bool WantsEvents() =>
            request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);
    }
}
