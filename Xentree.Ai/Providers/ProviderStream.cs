using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;

namespace Xentree.Ai;

/// <summary>A piece of a provider's answer. The first has neither text nor usage and says that the provider will be asked next.</summary>
/// <param name="Text">The text; may be empty.</param>
/// <param name="Usage">The tokens of the whole call, on the last piece, where the provider tells.</param>
internal sealed record ChatPiece(string Text, ChatUsage? Usage = null);

/// <summary>Reads a provider's answer as it comes. Whatever goes wrong is a <see cref="ProviderFailure"/>.</summary>
internal static class ProviderStream
{
    /// <summary>Why an answer ended, in the metadata of its last piece; a stream without it was cut.</summary>
    public const string FinishReason = "FinishReason";

    /// <summary>The tokens of a request to the provider, in the metadata of a piece.</summary>
    public const string Usage = "Usage";

    private static readonly ChatPiece Admitted = new("");

    /// <summary>Reads the answer of a provider that <paramref name="ask"/> asks.</summary>
    public static async IAsyncEnumerable<ChatPiece> ReadAsync(
        Provider provider,
        ProviderGate gate,
        TimeSpan longest,
        Func<CancellationToken, IAsyncEnumerable<StreamingChatMessageContent>> ask,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var place = await gate.EnterAsync(cancellation);
        yield return Admitted;

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(longest);
        await using var answer = await OpenAsync(gate, ask, end.Token, cancellation);
        var (said, isFinished, usage) = (false, false, default(ChatUsage));
        do
        {
            var piece = answer.Current;
            isFinished |= piece.Metadata?.GetValueOrDefault(FinishReason) is not null;
            if (piece.Metadata?.GetValueOrDefault(Usage) is ChatUsage used) usage = usage is null ? used : usage + used;
            if (piece.Content is { Length: > 0 } text)
            {
                said = true;
                yield return new ChatPiece(text);
            }
        }
        while (await answer.MoveNextAsync(provider.Silence, cancellation));

        // A stream that was cut cleanly looks like its end, but for the reason that every whole answer ends with.
        if (!said) throw new ProviderFailure("empty");
        if (!isFinished) throw new ProviderFailure("cut");
        yield return new ChatPiece("", usage);
    }

    private static async ValueTask<Answer> OpenAsync(
        ProviderGate gate, Func<CancellationToken, IAsyncEnumerable<StreamingChatMessageContent>> ask, CancellationToken end, CancellationToken cancellation)
    {
        try
        {
            return await gate.OpenAsync(async attempt =>
            {
                var answer = new Answer(ask, end);
                try
                {
                    // The attempt ends with the first piece; the answer lives on.
                    await using (attempt.Register(answer.Stop))
                    {
                        if (await answer.MoveNextAsync()) return answer;
                    }

                    throw new ProviderFailure("empty");
                }
                catch (Exception exception)
                {
                    await answer.DisposeAsync();
                    attempt.ThrowIfCancellationRequested();
                    throw ProviderFailure.Of(exception);
                }
            }, end);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw ProviderFailure.Timeout;
        }
    }

    /// <summary>An answer that is read.</summary>
    private sealed class Answer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _patience;
        private readonly IAsyncEnumerator<StreamingChatMessageContent> _pieces;

        public Answer(Func<CancellationToken, IAsyncEnumerable<StreamingChatMessageContent>> ask, CancellationToken end)
        {
            _patience = CancellationTokenSource.CreateLinkedTokenSource(end);
            _pieces = ask(_patience.Token).GetAsyncEnumerator(_patience.Token);
        }

        public StreamingChatMessageContent Current => _pieces.Current;

        public void Stop() => _patience.Cancel();

        public ValueTask<bool> MoveNextAsync() => _pieces.MoveNextAsync();

        public async ValueTask<bool> MoveNextAsync(TimeSpan silence, CancellationToken cancellation)
        {
            try
            {
                _patience.CancelAfter(silence);
                var moved = await _pieces.MoveNextAsync();
                _patience.CancelAfter(Timeout.InfiniteTimeSpan);
                return moved;
            }
            catch (Exception exception)
            {
                cancellation.ThrowIfCancellationRequested();
                throw _patience.IsCancellationRequested ? ProviderFailure.Timeout : ProviderFailure.Of(exception);
            }
        }

        public async ValueTask DisposeAsync()
        {
            // Libraries end a stream of HTTP when they are cancelled, and some of them read on when they are only disposed of.
            await _patience.CancelAsync();
            try
            {
                await _pieces.DisposeAsync();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // It is over, however it ends.
            }

            _patience.Dispose();
        }
    }
}
