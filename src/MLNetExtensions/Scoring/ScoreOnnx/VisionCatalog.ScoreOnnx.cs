using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>Creates an estimator that runs an ONNX model on batches of rows: its first output from its only input.</summary>
    /// <param name="outputColumnName">The column that the model's first output becomes.</param>
    /// <param name="inputColumnName">
    /// The column of the model's input: numbers of its type, or images (an MLImage, a file's path, a file's bytes). Null: the input's name in the model.
    /// </param>
    /// <param name="modelFile">The ONNX file.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example><code>
    /// var pipeline = ml.Vision().ScoreOnnx("Score", "ImagePath", "classifier.onnx");
    /// </code></example>
    public ScoreOnnxEstimator ScoreOnnx(string outputColumnName, string? inputColumnName, string modelFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        return ScoreOnnx(new ScoreOnnxOptions
        {
            ModelFile = modelFile,
            Inputs = inputColumnName is null ? [] : [new OnnxInput { ColumnName = inputColumnName }],
            Outputs = [new OnnxOutput { ColumnName = outputColumnName }],
        });
    }

    /// <summary>Creates an estimator that runs an ONNX model on batches of rows.</summary>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">There is no model, there are several, or a setting is out of range; the message lists all problems.</exception>
    public ScoreOnnxEstimator ScoreOnnx(ScoreOnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ScoreOnnxEstimator(Context, options);
    }

    /// <summary>Opens a model once for several transformers, which share its memory: pass it as <see cref="ScoreOnnxOptions.Session"/>.</summary>
    /// <param name="modelFile">The ONNX file, with external data beside it.</param>
    /// <param name="settings">The settings of ONNX Runtime; null for the defaults.</param>
    /// <returns>The session; dispose it after the transformers and prediction engines that use it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="MLNetExtensions.Onnx.OnnxFormatException">It is not an ONNX model, is damaged, or ONNX Runtime cannot run it.</exception>
    public OnnxSession OpenOnnx(string modelFile, OnnxSessionSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        settings?.Validate();
        return OnnxSession.Open(Context, OnnxModelSource.FromFile(modelFile), settings);
    }
}
