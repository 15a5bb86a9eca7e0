using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Xentree.Ai;
using Xentree.Bench.Data;
using Xentree.Bench.Hosts;
using Xentree.Bench.Load;
using Xentree.Bench.Report;
using Xentree.Data;
using Xentree.Data.Knowledge;
using Xentree.Domain;

namespace Xentree.Bench;

/// <summary>Searches very many passages of one owner: their words as rare as those of a language, their vectors in heaps as those of texts.</summary>
internal sealed class KnowledgeOfMany : IBenchmark
{
    private const int Dimensions = 384;
    private const int Topics = 400;
    private const int Vocabulary = 30_000;
    private const int PassagesOfADocument = 200;
    private const int WordsOfAPassage = 110;
    private const int Questions = 200;
    private const int Nearest = 10;

    public string Name => "knowledge";

    public string Title => "Search in very many passages";

    public async Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation)
    {
        var count = isQuick ? 20_000 : 100_000;
        var now = TimeProvider.System.GetUtcNow();
        await database.AddLearnersAsync(0, 1, now, cancellation);
        await database.SignInAsync(0, 1, now, cancellation);
        await using var api = await ApiReplica.StartAsync(database, null, cancellation);
        var model = api.Services.GetRequiredService<Embedder>().Model!;

        var random = new Random(1);
        var vectors = Vectors(random, count);
        var ids = await AddPassagesAsync(database, vectors, model, random, cancellation);
        await database.SettleAsync(cancellation);

        var questions = Enumerable.Range(0, Questions).Select(_ => (Text: Text(random, random.Next(3, 9)), Vector: Near(random, vectors, random.Next(count)))).ToArray();
        var owner = new Owner(Learners.UserId(0), null);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FindAsync(api, owner, new("", new(model, questions[0].Vector), Nearest), cancellation);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        var held = api.Services.GetRequiredService<VectorCache>().Bytes;

        var recall = 0.0;
        foreach (var (_, vector) in questions)
        {
            var found = await FindAsync(api, owner, new("", new(model, vector), Nearest), cancellation);
            recall += found.Select(hit => hit.ChunkId).Intersect(Exact(vectors, ids, vector)).Count() / (double)Nearest / questions.Length;
        }

        var token = await api.TokenAsync(Learners.UserId(0), Learners.SessionId(0), cancellation);
        using var client = new HttpCalls(api.Address);
        var asked = 0;
        (string Text, float[] Vector) Next() => questions[(uint)Interlocked.Increment(ref asked) % questions.Length];
        // One at a time: how long somebody waits on a machine that does nothing else.
        var rounds = await Rounds.RunAsync(
            new Plan(1, TimeSpan.FromSeconds(isQuick ? 1 : 3), TimeSpan.FromSeconds(isQuick ? 2 : 5), isQuick ? 3 : 7),
            [
                ("words", _ => FindAsync(api, owner, new(Next().Text, null, Nearest), cancellation)),
                ("vectors", _ => FindAsync(api, owner, new("", new(model, Next().Vector), Nearest), cancellation)),
                ("hybrid", _ => Next() is var next ? FindAsync(api, owner, new(next.Text, new(model, next.Vector), Nearest), cancellation) : Task.CompletedTask),
                ("http", _ => client.PostAsync("/api/knowledge/search", $$"""{"query": {{JsonSerializer.Serialize(Next().Text)}}, "limit": {{Nearest}}}""", token, cancellation)),
            ],
            cancellation);

        var text = count.ToString("N0", CultureInfo.InvariantCulture);
        var p95 = rounds.Of("hybrid", sample => sample.Percentile(95));
        report.Target($"hybrid search in {text} passages, p95 in ms", "< 20", p95.Text("0.0"), p95.Median < 20);
        report.Target("recall@10 of the vectors against an exact scan in double precision", "1.0", recall.ToString("0.0000", CultureInfo.InvariantCulture), recall > 0.99995);
        report.Say(
            $"{text} passages of one owner in {count / PassagesOfADocument:N0} documents, one search at a time, warm. The cache of vectors holds {held / count:N0} bytes a passage; "
            + $"the process grew by {grown / count:N0} bytes a passage when it was filled.");
        report.Table(
            ["Search", "p50, ms", "p95, ms", "p99, ms"],
            [Row("full text alone", "words"), Row("vectors alone", "vectors"), Row("hybrid", "hybrid"), Row("hybrid over HTTP, with the question's embedding", "http")]);

        string[] Row(string what, string name) => [what, .. ((int[])[50, 95, 99]).Select(percent => rounds.Of(name, sample => sample.Percentile(percent)).Text("0.0"))];
    }

    private static async Task<IReadOnlyList<KnowledgeHit>> FindAsync(ApiReplica api, Owner owner, KnowledgeQuestion question, CancellationToken cancellation)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<KnowledgeSearch>().FindAsync(owner, question, cancellation);
    }

    private static async Task<Guid[]> AddPassagesAsync(BenchDatabase database, float[][] vectors, string model, Random random, CancellationToken cancellation)
    {
        var ids = new Guid[vectors.Length];
        await using var connection = new NpgsqlConnection($"{database.Postgres};Pooling=false;Command Timeout=0");
        await connection.OpenAsync(cancellation);
        var documents = Enumerable.Range(0, (vectors.Length + PassagesOfADocument - 1) / PassagesOfADocument).Select(_ => TimeProvider.System.NewId()).ToArray();
        foreach (var (number, id) in documents.Index())
        {
            await database.ExecuteAsync(
                """
                insert into documents (id, user_id, title, media_type, size_bytes, sha256, blob, language, status, progress, chunk_count, embedding_model, index_version, attempts, created_at)
                values (@id, @user, 'Document ' || @number, 'text/plain', 1, int4send(@number), @number::text, 'english', 'Ready', 100, @chunks, @model, 1, 0, now())
                """,
                cancellation,
                ("id", id), ("user", Learners.UserId(0)), ("number", number), ("chunks", Math.Min(PassagesOfADocument, vectors.Length - (number * PassagesOfADocument))), ("model", model));
        }

        await using (var chunks = await connection.BeginBinaryImportAsync("copy document_chunks (id, document_id, ordinal, content, tokens, language) from stdin (format binary)", cancellation))
        {
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = TimeProvider.System.NewId();
                await chunks.StartRowAsync(cancellation);
                await chunks.WriteAsync(ids[i], NpgsqlDbType.Uuid, cancellation);
                await chunks.WriteAsync(documents[i / PassagesOfADocument], NpgsqlDbType.Uuid, cancellation);
                await chunks.WriteAsync(i % PassagesOfADocument, NpgsqlDbType.Integer, cancellation);
                await chunks.WriteAsync(Text(random, WordsOfAPassage), NpgsqlDbType.Text, cancellation);
                await chunks.WriteAsync(WordsOfAPassage, NpgsqlDbType.Integer, cancellation);
                await chunks.WriteAsync("english", NpgsqlDbType.Text, cancellation);
            }

            await chunks.CompleteAsync(cancellation);
        }

        await using var stored = await connection.BeginBinaryImportAsync("copy document_vectors (chunk_id, document_id, model, vector) from stdin (format binary)", cancellation);
        for (var i = 0; i < ids.Length; i++)
        {
            await stored.StartRowAsync(cancellation);
            await stored.WriteAsync(ids[i], NpgsqlDbType.Uuid, cancellation);
            await stored.WriteAsync(documents[i / PassagesOfADocument], NpgsqlDbType.Uuid, cancellation);
            await stored.WriteAsync(model, NpgsqlDbType.Text, cancellation);
            await stored.WriteAsync(MemoryMarshal.AsBytes(vectors[i].AsSpan()).ToArray(), NpgsqlDbType.Bytea, cancellation);
        }

        await stored.CompleteAsync(cancellation);
        return ids;
    }

    private static float[][] Vectors(Random random, int count)
    {
        var topics = Enumerable.Range(0, Topics).Select(_ => Unit(Enumerable.Range(0, Dimensions).Select(_ => Normal(random)))).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ => topics[random.Next(Topics)]).Select(topic => Unit(topic.Select(value => value + (0.05 * Normal(random)))))];
    }

    private static float[] Near(Random random, float[][] vectors, int which) => Unit(vectors[which].Select(value => value + (0.03 * Normal(random))));

    private static float[] Unit(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var length = Math.Sqrt(all.Sum(value => value * value));
        return [.. all.Select(value => (float)(value / length))];
    }

    private static float[] Unit(IEnumerable<float> values) => Unit(values.Select(value => (double)value));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // Words as rare as in a language: that of rank r about 1/r as often as the first.
    private static string Text(Random random, int words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            var rank = (int)Math.Exp(random.NextDouble() * Math.Log(Vocabulary));
            if (i > 0) text.Append(' ');
            for (var rest = (rank * 7919) + 20_011; rest > 0; rest /= 20) text.Append("bcdfghjklmnprstvwxzq"[rest % 20]).Append("aeiou"[rest % 5]);
        }

        return text.ToString();
    }

    private static IEnumerable<Guid> Exact(float[][] vectors, Guid[] ids, float[] question) => vectors
        .Select((vector, index) =>
        {
            var sum = 0.0;
            for (var i = 0; i < Dimensions; i++) sum += (double)vector[i] * question[i];
            return (Id: ids[index], Similarity: sum);
        })
        .OrderByDescending(hit => hit.Similarity)
        .Take(Nearest)
        .Select(hit => hit.Id);
}
