using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Hosting;

/// <summary>
/// Settings of a <see cref="VisionPredictor"/> that a service provider creates: the location of its model, and all of the predictor's own.
/// </summary>
public sealed class VisionPredictorServiceOptions : VisionPredictorOptions
{
    /// <summary>
    /// The model's file: a zip of <c>ml.Model.Save</c>, or an exported ONNX file. Either this or <see cref="Model"/> is required.
    /// </summary>
    public string? ModelFile { get; set; }

    /// <summary>Creates the model if it is in no file. The caller keeps the model; the predictor has its own copy.</summary>
    public Func<IServiceProvider, ITransformer>? Model { get; set; }

    internal override void Check(OptionProblems problems)
    {
        base.Check(problems);
        problems.Require(ModelFile is { Length: > 0 } || Model is not null, nameof(ModelFile), "Give the model's file, or a Model.");
        problems.Check(ModelFile is null || Model is null, nameof(ModelFile), ModelFile, "null where Model is given");
        problems.Check(
            ModelFile is not { Length: > 0 } || File.Exists(ModelFile),
            nameof(ModelFile),
            Where(ModelFile),
            "a file that exists"
        );
        problems.Check(
            Model is null || ReloadInterval is null,
            nameof(ReloadInterval),
            ReloadInterval,
            "null where the model is in no file"
        );
    }

    // A relative path starts from a folder that is not always the one that one thinks of.
    private static string Where(string? file) =>
        file is not { Length: > 0 } || Path.IsPathFullyQualified(file) ? $"'{file}'" : $"'{file}', which is '{Path.GetFullPath(file)}'";
}
