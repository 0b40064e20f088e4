using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>Settings of <see cref="ScoreOnnxEstimator"/>. They are copied when the estimator is created.</summary>
public sealed class ScoreOnnxOptions
{
    /// <summary>
    /// The model's file. One of <see cref="ModelFile"/>, <see cref="ModelBytes"/>, <see cref="Model"/> and <see cref="Session"/> is
    /// required.
    /// </summary>
    public string? ModelFile { get; set; }

    /// <summary>The model as the bytes of its file; without external data.</summary>
    public byte[]? ModelBytes { get; set; }

    /// <summary>The model as a graph.</summary>
    public OnnxGraph? Model { get; set; }

    /// <summary>An open session, which several transformers can share; the caller keeps it. See <c>ml.Model.OpenOnnx</c>.</summary>
    public OnnxSession? Session { get; set; }

    /// <summary>The sources of the model's inputs.</summary>
    /// <value>The default is empty: columns with the inputs' names.</value>
    public IReadOnlyList<OnnxInput> Inputs { get; set; } = [];

    /// <summary>The outputs that become columns unchanged.</summary>
    /// <value>The default is empty: all of them, or none if <see cref="Decoding"/> is set.</value>
    public IReadOnlyList<OnnxOutput> Outputs { get; set; } = [];

    /// <summary>The meaning of the outputs, such as classes or features. Decoding adds columns of its own.</summary>
    /// <value>The default is null: nothing is decoded.</value>
    public OnnxDecoding? Decoding { get; set; }

    /// <summary>The handling of rows whose image cannot be read.</summary>
    /// <value>The default is <see cref="InvalidImagePolicy.Error"/>.</value>
    public InvalidImagePolicy InvalidImages { get; set; }

    /// <summary>The batch size: the largest number of rows per run. 1 runs the model row by row.</summary>
    /// <value>The default is null: chosen by the size of a row; 1 if the model has no batch.</value>
    public int? BatchSize { get; set; }

    /// <summary>The settings with which ONNX Runtime runs the model; ignored if <see cref="Session"/> is set.</summary>
    public OnnxSessionSettings SessionSettings { get; set; } = new();

    internal ScoreOnnxOptions Clone()
    {
        var clone = (ScoreOnnxOptions)MemberwiseClone();
        (clone.Inputs, clone.Outputs) = ([.. Inputs], [.. Outputs]);
        clone.SessionSettings = SessionSettings.Clone();
        return clone;
    }

    internal void Validate()
    {
        var problems = new OptionProblems();
        int models = new object?[] { ModelFile, ModelBytes, Model, Session }.Count(m => m is not null);
        problems.Require(models > 0, nameof(ModelFile), "Set ModelFile, ModelBytes, Model or Session.");
        problems.Check(models <= 1, nameof(ModelFile), models, "the only model: set one of ModelFile, ModelBytes, Model and Session");
        problems.Check(BatchSize is null or > 0, nameof(BatchSize), BatchSize, "at least 1");
        problems.Check(SessionSettings.Threads is null or > 0, nameof(OnnxSessionSettings.Threads), SessionSettings.Threads, "at least 1");
        problems.Check(Enum.IsDefined(InvalidImages), nameof(InvalidImages), InvalidImages, "Error or MissingScore");
        problems.Throw();
    }
}
