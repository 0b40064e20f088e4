using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Saving;
using MLNetExtensions.Sessions;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data;

/// <summary>A saved pipeline from images to boxes or masks, loaded as an application loads it.</summary>
internal sealed class SavedPipeline : IDisposable
{
    private readonly string _file;
    private readonly ITransformer _scorer;

    private SavedPipeline(string file, ITransformer loaded, ITransformer scorer) => (_file, Loaded, _scorer) = (file, loaded, scorer);

    /// <summary>The pipeline as it was loaded.</summary>
    public ITransformer Loaded { get; }

    /// <summary>What a saved pipeline says of images. One that cannot be loaded counts as a classifier: opening it as one says why.</summary>
    public static VisionTask TaskOf(string file)
    {
        ITransformer model;
        DataViewSchema input;
        try
        {
            model = Load(new MLContext(), file, out input);
        }
        catch (UsageException)
        {
            return VisionTask.Classify;
        }
        DataViewSchema output = model.GetOutputSchema(input);
        (model as IDisposable)?.Dispose();
        return output.GetColumnOrNull(DefaultColumnNames.PredictedMask) is not null ? VisionTask.Segment
            : output.GetColumnOrNull(DefaultColumnNames.PredictedBoundingBoxes) is not null ? VisionTask.Detect
            : VisionTask.Classify;
    }

    /// <summary>Loads one.</summary>
    /// <exception cref="UsageException">The file is no model.</exception>
    public static SavedPipeline Open(MLContext ml, string file)
    {
        ITransformer loaded = Load(ml, file, out _);
        return new SavedPipeline(file, loaded, ml.Model.Accelerate(loaded));
    }

    /// <summary>Adds what the model says.</summary>
    public IDataView Transform(IDataView images) => _scorer.Transform(images);

    /// <summary>The names of the classes of masks by index: those of the column, or those that its network says; null if none does.</summary>
    public IReadOnlyList<string>? MaskClassesOf(DataViewSchema.Column masks)
    {
        if (masks.Annotations.Schema.GetColumnOrNull(ClassLabels.KeyValues) is not null)
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            masks.GetKeyValues(ref names);
            return [.. names.DenseValues().Select(name => name.ToString())];
        }
        using FileStream stream = File.OpenRead(_file);
        return SavedOnnxModel
            .ReadAll(
                stream,
                $"The model '{_file}'",
                bytes => ScoringMetadata.Labels(OnnxGraph.Load(new MemoryStream(bytes, writable: false)).Metadata, _file)
            )
            .FirstOrDefault(names => names.Count > 0);
    }

    public void Dispose()
    {
        (_scorer as IDisposable)?.Dispose();
        (Loaded as IDisposable)?.Dispose();
    }

    private static ITransformer Load(MLContext ml, string file, out DataViewSchema input)
    {
        // ML.NET opens the session itself.
        OnnxTelemetry.TurnOff();
        try
        {
            return ml.Model.Load(file, out input);
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new UsageException($"The model '{file}' cannot be loaded: {error.Message}", error);
        }
    }
}
