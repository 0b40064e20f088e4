using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Scoring.Export.Opsets;
using MLNetExtensions.Sessions;
using MLNetExtensions.Training;

namespace MLNetExtensions.Scoring.Export;

/// <summary>Writes a model for other programs.</summary>
internal static class OnnxExport
{
    /// <param name="graph">The model, with preprocessing and labels in its metadata.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">The export options; null for the defaults.</param>
    /// <param name="training">The result of the training; null if it is not known.</param>
    /// <exception cref="OnnxFormatException">It cannot be of the opset that was asked for.</exception>
    public static void Write(OnnxGraph graph, string path, OnnxExportOptions? options, TrainingResult? training)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options?.Validate();
        if (options?.Opset is int opset)
            graph = OpsetConversion.Convert(graph, opset);
        graph.Save(path);
        if (options?.OrtFormatPath is { } ortPath)
            WriteOrtFormat(path, ortPath);
        if (options?.ModelCardPath is { } cardPath)
            TemporaryFile.Write(cardPath, ModelCard.Of(graph, path, training));
    }

    private static void WriteOrtFormat(string path, string ortPath)
    {
        try
        {
            // The session writes the file when it is made.
            TemporaryFile.Write(
                ortPath,
                file =>
                    SessionOpening
                        .OpenToExamine(
                            OnnxModelSource.FromFile(path),
                            options =>
                            {
                                options.OptimizedModelFilePath = file;
                                options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
                                options.AddSessionConfigEntry("session.save_model_format", "ORT");
                            }
                        )
                        .Dispose()
            );
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxFormatException($"ONNX Runtime cannot write '{ortPath}' in its own format: {e.Message}", e);
        }
    }
}
