using Microsoft.ML;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Acceleration;
using MLNetExtensions.Scoring.Saving;
using MLNetExtensions.Sessions;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.DensePrediction;

namespace MLNetExtensions.Serving;

/// <summary>Finds the exported model in what a user has: an ONNX file, a saved model (zip), or a fitted or loaded pipeline.</summary>
internal static class ServedModelSource
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is a saved model with a network that is damaged.</exception>
    /// <exception cref="InvalidDataException">The file is a saved model without an exported model inside, or with several, or
    /// damaged.</exception>
    public static OnnxModelSource OfFile(string path)
    {
        if (!IsZip(path))
            return OnnxModelSource.FromFile(path);
        using FileStream file = File.OpenRead(path);
        List<OnnxModelSource> found =
        [
            .. SavedOnnxModel
                .ReadAll(file, $"The saved model '{path}'", bytes => Exported(OnnxModelSource.OfBytes(bytes, $"'{path}'")))
                .OfType<OnnxModelSource>(),
        ];
        return found is [var only]
            ? only
            : throw new InvalidDataException(
                $"The saved model '{path}' holds {found.Count} networks of this library, expected one. Save a pipeline with one "
                    + $"FineTune, TrainNetwork or ExtractImageFeatures, "
                    + "or serve the network's own ONNX file (its transformer's Model.Save)."
            );
    }

    /// <exception cref="ArgumentException">The pipeline holds no network of this library, or several.</exception>
    public static OnnxModelSource Of(MLContext context, ITransformer model)
    {
        List<OnnxModelSource> found = [.. FlatChain.Of(model).Select(step => OfStep(context, step.Transformer)).OfType<OnnxModelSource>()];
        return found is [var only]
            ? only
            : throw new ArgumentException(
                $"The model holds {found.Count} networks of this library, expected one: a FineTune, TrainNetwork or "
                    + $"ExtractImageFeatures, fitted or loaded, alone or in a pipeline.",
                nameof(model)
            );
    }

    private static OnnxModelSource? OfStep(MLContext context, ITransformer step)
    {
        OnnxModelSource? source = step switch
        {
            ImageTransformer image => OnnxModelSource.OfGraph(image.Model),
            DenseTransformer dense => OnnxModelSource.OfGraph(dense.Model),
            AcceleratedTransformer accelerated => accelerated.Source,
            OnnxTransformer onnx => OnnxModelSource.OfBytes(StandardTransformers.ModelOf(context, onnx), "of the ONNX step"),
            _ => null,
        };
        return source is null ? null : Exported(source);
    }

    /// <summary>
    /// The model, where it says how images become its input; without what a saved one does to the pixels of ML.NET's transformers.
    /// </summary>
    private static OnnxModelSource? Exported(OnnxModelSource source)
    {
        OnnxGraph graph = OnnxGraph.Load(new MemoryStream(source.Bytes, writable: false));
        return !ScoringMetadata.HasPreprocessing(graph) ? null
            : StandardPixels.Remove(graph) is { } model ? OnnxModelSource.OfGraph(model, source.Name)
            : source;
    }

    private static bool IsZip(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model file at '{Path.GetFullPath(path)}'.", path);
        Span<byte> start = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PK\x03\x04"u8);
    }
}
