using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;
using MLNetExtensions.Estimators;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>Finds the exported model in what a user has: an ONNX file, a saved model (zip), or a fitted pipeline.</summary>
internal static class ServedModelSource
{
    // ML.NET's ONNX transformer keeps its model in an entry of this name: the length as int32, then the bytes.
    private const string OnnxEntry = "OnnxModel";

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is no ONNX model, or one that the reader does not support.</exception>
    /// <exception cref="InvalidDataException">The file is a saved model without an exported model inside, or with several, or damaged.</exception>
    public static OnnxModelSource OfFile(string path)
    {
        if (!IsZip(path))
            return OnnxModelSource.FromFile(path);
        List<byte[]> models = [];
        using ZipArchive zip = ZipFile.OpenRead(path);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Name == OnnxEntry))
        {
            byte[] model = ReadEntry(entry, path);
            if (ScoringMetadata.HasPreprocessing(OnnxGraph.Load(new MemoryStream(model, writable: false))))
                models.Add(model);
        }
        return models is [var only] ? OnnxModelSource.OfBytes(only, $"'{path}'") : throw new InvalidDataException(
            $"The saved model '{path}' holds {models.Count} networks of this library, expected one. Save a pipeline with one FineTune, TrainCnn or FeatureExtract, " +
            "or serve the network's own ONNX file (its transformer's Model.Save).");
    }

    /// <exception cref="ArgumentException">The pipeline holds no network of this library, or several.</exception>
    public static OnnxModelSource Of(ITransformer model)
    {
        List<ImageTransformer> found = [.. Flatten(model).OfType<ImageTransformer>()];
        return found is [var only] ? OnnxModelSource.OfGraph(only.Model) : throw new ArgumentException(
            $"The model holds {found.Count} networks of this library, expected one: a fitted FineTune, TrainCnn or FeatureExtract, alone or in a pipeline. " +
            "For a model that was loaded from a file, pass the file.", nameof(model));
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static bool IsZip(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model file at '{path}'.", path);
        Span<byte> start = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PK\x03\x04"u8);
    }

    private static byte[] ReadEntry(ZipArchiveEntry entry, string path)
    {
        using Stream stream = entry.Open();
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        stream.ReadExactly(prefix);
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 0 || length > entry.Length)
            throw new InvalidDataException($"The saved model '{path}' is damaged: its entry '{entry.FullName}' of {entry.Length} bytes announces {length}. Save it again.");
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        stream.ReadExactly(bytes);
        return bytes;
    }
}
