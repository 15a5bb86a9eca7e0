using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Xentree.Tests;

/// <summary>An open stream of server-sent events.</summary>
public sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private IAsyncEnumerator<SseItem<string>>? _items;

    public EventStream(HttpResponseMessage response, IReadOnlyDictionary<string, string> headers) => (_response, Headers) = (response, headers);

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The next event, its data as JSON; null at the end.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _items ??= SseParser.Create(await _response.Content.ReadAsStreamAsync(cancellation)).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        return await _items.MoveNextAsync() ? new StreamEvent(_items.Current.EventId, _items.Current.EventType, _items.Current.Data) : null;
    }

    /// <summary>The events up to a number of them.</summary>
    public async Task<List<StreamEvent>> NextAsync(int count)
    {
        var events = new List<StreamEvent>();
        while (events.Count < count) events.Add(await NextAsync() ?? throw new EndOfStreamException($"{events.Count} events, and not {count}."));
        return events;
    }

    /// <summary>All that are still to come.</summary>
    public async Task<List<StreamEvent>> RestAsync()
    {
        var events = new List<StreamEvent>();
        while (await NextAsync() is { } next) events.Add(next);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        if (_items is not null) await _items.DisposeAsync();
        _response.Dispose();
    }
}

/// <summary>An event: what it says is compared as text.</summary>
public sealed record StreamEvent(string? Id, string Type, string Data)
{
    public JsonElement this[string name] => JsonElement.Parse(Data).GetProperty(name);
}
