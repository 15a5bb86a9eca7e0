using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Tokenizers;

namespace Xentree.Ai;

/// <summary>The model all-MiniLM-L6-v2 in process. It is loaded when first asked, and one session serves everybody.</summary>
internal sealed class MiniLMEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    public const string Model = "all-MiniLM-L6-v2";

    private const int Dimensions = 384;
    private const int MaxTokens = 256;

    /// <summary>How many characters go through the network at once: a few passages, or many sentences. More is hardly faster, and takes memory.</summary>
    private const int BatchCharacters = 2_048;

    private readonly Lazy<InferenceSession> _session;
    private readonly SemaphoreSlim _turns;

    public MiniLMEmbeddings(int threads)
    {
        if (threads == 0) threads = Math.Max(1, Environment.ProcessorCount / 2);
        _session = new(() => Load(threads));
        // Whoever comes while two run waits, rather than take more threads.
        _turns = new(2);
    }

    /// <summary>Splits into word pieces as the model does.</summary>
    public static Lazy<BertTokenizer> Tokenizer { get; } = new(() => BertTokenizer.Create(new MemoryStream(MiniLMFile.ReadVocabulary())));

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        var results = new Embedding<float>[texts.Count];
        // Texts of about the same length go together: the short ones are filled up to the longest.
        foreach (var batch in Batches(texts))
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                var vectors = await Task.Run(() => Run([.. batch.Select(i => texts[i])]), cancellationToken);
                for (var i = 0; i < batch.Length; i++) results[batch[i]] = new Embedding<float>(vectors[i]) { ModelId = Model };
            }
            finally
            {
                _turns.Release();
            }
        }

        return new(results);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        if (_session.IsValueCreated) _session.Value.Dispose();
        _turns.Dispose();
    }

    private static IEnumerable<int[]> Batches(List<string> texts)
    {
        var batch = new List<int>();
        foreach (var i in Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length))
        {
            if (batch.Count > 0 && (batch.Count + 1) * texts[i].Length > BatchCharacters)
            {
                yield return [.. batch];
                batch.Clear();
            }

            batch.Add(i);
        }

        if (batch.Count > 0) yield return [.. batch];
    }

    private static InferenceSession Load(int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            // What the largest batch needed would be held for good.
            EnableCpuMemArena = false,
            // Hardly two batches have the same shape.
            EnableMemoryPattern = false,
        };
        // Threads that wait must not burn what other work needs.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        // Packed for the processor, the weights would be in memory a second time.
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        return MiniLMFile.WithModel(path => new InferenceSession(path, options));
    }

    private float[][] Run(string[] texts)
    {
        var encoded = Array.ConvertAll(texts, text => Tokenizer.Value.EncodeToIds(text, MaxTokens, out _, out _));
        var length = encoded.Max(ids => ids.Count);
        var (ids, mask, types) = (new long[texts.Length * length], new long[texts.Length * length], new long[texts.Length * length]);
        for (var row = 0; row < encoded.Length; row++)
        {
            for (var at = 0; at < encoded[row].Count; at++)
            {
                ids[(row * length) + at] = encoded[row][at];
                mask[(row * length) + at] = 1;
            }
        }

        long[] shape = [texts.Length, length];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(types, shape);
        using var run = new RunOptions();
        var session = _session.Value;
        using var outputs = session.Run(
            run, new Dictionary<string, OrtValue> { ["input_ids"] = idsValue, ["attention_mask"] = maskValue, ["token_type_ids"] = typesValue }, [session.OutputNames[0]]);
        var hidden = outputs[0].GetTensorDataAsSpan<float>();

        var vectors = new float[texts.Length][];
        for (var row = 0; row < texts.Length; row++)
        {
            // The mean of the tokens' states. Its length is made 1 with all others' later.
            var vector = new float[Dimensions];
            for (var at = 0; at < encoded[row].Count; at++)
            {
                var state = hidden.Slice(((row * length) + at) * Dimensions, Dimensions);
                for (var i = 0; i < Dimensions; i++) vector[i] += state[i];
            }

            vectors[row] = vector;
        }

        return vectors;
    }
}
