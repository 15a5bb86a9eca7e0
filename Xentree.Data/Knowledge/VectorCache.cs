using Microsoft.Extensions.Options;

namespace Xentree.Data.Knowledge;

/// <summary>
/// The vectors of documents that were searched lately, whole, as floats: an exact scan needs nothing else. An entry is one document at
/// one version, and who asks for it has just read that version from the database together with the right to see it: so it does not
/// matter what a process missed. It holds no words, and no more bytes than the settings say; what was not asked for longest goes.
/// </summary>
public sealed class VectorCache(IOptions<KnowledgeOptions> options)
{
    private readonly long _max = options.Value.VectorCacheBytes;
    private readonly Dictionary<(Guid Document, string Model), LinkedListNode<DocumentVectors>> _entries = [];
    private readonly LinkedList<DocumentVectors> _lately = [];
    private readonly Lock _lock = new();

    /// <summary>How many bytes it holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>Lets few read from the database at once: what they read is memory too.</summary>
    internal SemaphoreSlim Loading { get; } = new(2);

    /// <summary>The vectors of a document at a version; null where they are not here.</summary>
    internal DocumentVectors? Find(Guid document, string model, int version)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((document, model), out var node) || node.Value.Version != version) return null;

            _lately.Remove(node);
            _lately.AddFirst(node);
            return node.Value;
        }
    }

    internal void Keep(DocumentVectors vectors)
    {
        if (vectors.Bytes > _max) return;

        lock (_lock)
        {
            if (_entries.TryGetValue((vectors.Document, vectors.Model), out var old)) Remove(old);
            while (Bytes + vectors.Bytes > _max && _lately.Last is { } last) Remove(last);
            _entries[(vectors.Document, vectors.Model)] = _lately.AddFirst(vectors);
            Bytes += vectors.Bytes;
        }
    }

    private void Remove(LinkedListNode<DocumentVectors> node)
    {
        _lately.Remove(node);
        _entries.Remove((node.Value.Document, node.Value.Model));
        Bytes -= node.Value.Bytes;
    }
}

/// <summary>The vectors of a document's passages, one after the other.</summary>
internal sealed record DocumentVectors(Guid Document, string Model, int Version, Guid[] Chunks, float[] Values)
{
    private const int Overhead = 256;

    public long Bytes => Overhead + ((long)Chunks.Length * 16) + ((long)Values.Length * sizeof(float));

    public int Dimensions => Chunks.Length == 0 ? 0 : Values.Length / Chunks.Length;
}
