using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Xentree.Data.Knowledge;

/// <summary>Finds the passages whose vectors are nearest to a question's: an exact scan of all vectors in scope.</summary>
internal sealed class VectorSearch(XentreeDbContext context, VectorCache cache)
{
    /// <summary>How many passages are read from the database at once.</summary>
    private const int BatchPassages = 20_000;

    /// <summary>Scans what is in memory already, beside whatever else the caller does.</summary>
    public Task<VectorScan> BeginAsync(IReadOnlyList<SearchedDocument> documents, QuestionVector question, int count, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var (nearest, missing) = (new Nearest(count), new List<SearchedDocument>());
            foreach (var document in documents)
            {
                cancellation.ThrowIfCancellationRequested();
                if (cache.Find(document.Id, question.Model, document.Version) is { } vectors) Scan(vectors, question, nearest);
                else missing.Add(document);
            }

            return new VectorScan(question, nearest, missing);
        },
        cancellation);

    /// <summary>Reads and scans what is missing; the nearest passages of all, nearest first, with their cosines.</summary>
    public async Task<IReadOnlyList<(Guid Id, float Similarity)>> EndAsync(VectorScan scan, CancellationToken cancellation)
    {
        var (question, nearest, missing) = scan;
        foreach (var batch in Batches(missing))
        {
            await cache.Loading.WaitAsync(cancellation);
            try
            {
                // Whoever was before may have loaded the same.
                var still = new List<SearchedDocument>();
                foreach (var document in batch)
                {
                    if (cache.Find(document.Id, question.Model, document.Version) is { } vectors) Scan(vectors, question, nearest);
                    else still.Add(document);
                }

                if (still.Count == 0) continue;

                foreach (var vectors in await LoadAsync(still, question.Model, cancellation))
                {
                    cache.Keep(vectors);
                    Scan(vectors, question, nearest);
                }
            }
            finally
            {
                cache.Loading.Release();
            }
        }

        return nearest.ToList();
    }

    private static void Scan(DocumentVectors vectors, QuestionVector question, Nearest nearest)
    {
        var dimensions = vectors.Dimensions;
        if (dimensions != question.Values.Length) return;

        ReadOnlySpan<float> values = vectors.Values;
        for (var i = 0; i < vectors.Chunks.Length; i++)
            nearest.Add(vectors.Chunks[i], TensorPrimitives.Dot(question.Values, values.Slice(i * dimensions, dimensions)));
    }

    private static IEnumerable<List<SearchedDocument>> Batches(IEnumerable<SearchedDocument> documents)
    {
        var (batch, passages) = (new List<SearchedDocument>(), 0);
        foreach (var document in documents)
        {
            if (batch.Count > 0 && passages + document.ChunkCount > BatchPassages)
            {
                yield return batch;
                (batch, passages) = ([], 0);
            }

            batch.Add(document);
            passages += document.ChunkCount;
        }

        if (batch.Count > 0) yield return batch;
    }

    private async Task<IReadOnlyList<DocumentVectors>> LoadAsync(List<SearchedDocument> documents, string model, CancellationToken cancellation)
    {
        var loaded = documents.ToDictionary(document => document.Id, document => (Version: document.Version, Chunks: new List<Guid>(document.ChunkCount), Values: new List<float>()));
        await context.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(
                "select document_id, chunk_id, vector from document_vectors where document_id = any(@documents) and model = @model order by document_id, chunk_id",
                (NpgsqlConnection)context.Database.GetDbConnection())
            {
                Parameters = { new("documents", loaded.Keys.ToArray()), new("model", model) },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var (_, chunks, values) = loaded[reader.GetGuid(0)];
                chunks.Add(reader.GetGuid(1));
                values.AddRange(MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(2)));
            }
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }

        return [.. loaded.Select(pair => new DocumentVectors(pair.Key, model, pair.Value.Version, [.. pair.Value.Chunks], [.. pair.Value.Values]))];
    }

    /// <summary>A scan under way.</summary>
    /// <param name="Question">What is compared.</param>
    /// <param name="Nearest">The nearest so far.</param>
    /// <param name="Missing">The documents whose vectors are not in memory.</param>
    internal sealed record VectorScan(QuestionVector Question, Nearest Nearest, IReadOnlyList<SearchedDocument> Missing);

    /// <summary>Keeps the best of many.</summary>
    internal sealed class Nearest(int count)
    {
        private readonly PriorityQueue<Guid, float> _best = new(count + 1);
        private float _worst = float.NegativeInfinity;

        public void Add(Guid id, float similarity)
        {
            if (_best.Count == count && !(similarity > _worst)) return;

            _best.Enqueue(id, similarity);
            if (_best.Count > count) _best.Dequeue();
            if (_best.Count == count && _best.TryPeek(out _, out var worst)) _worst = worst;
        }

        public IReadOnlyList<(Guid, float)> ToList() => [.. _best.UnorderedItems.OrderByDescending(item => item.Priority).ThenBy(item => item.Element)];
    }
}
