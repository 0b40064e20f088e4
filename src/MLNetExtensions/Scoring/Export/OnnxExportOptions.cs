using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Export.Opsets;

namespace MLNetExtensions.Scoring.Export;

/// <summary>The options of ExportOnnx.</summary>
public sealed class OnnxExportOptions
{
    /// <summary>The opset of the written model, 13 to 21, for programs that require it.</summary>
    /// <value>The default is null: the model's own.</value>
    public int? Opset { get; set; }

    /// <summary>
    /// True if the model says what its outputs mean, as the fitted step does: classes by their names; objects after suppression, with boxes in
    /// pixels of the image; masks in the image's size. False for the network's own outputs, such as YOLOv8's [batch, 4 + classes, boxes], for
    /// programs that decode themselves.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Decoding { get; set; } = true;

    /// <summary>
    /// A file for the same model in ONNX Runtime's own format (.ort), optimized for this machine's processor. It loads faster, and also in
    /// ONNX Runtime's smallest builds.
    /// </summary>
    /// <value>The default is null: none.</value>
    public string? OrtFormatPath { get; set; }

    /// <summary>
    /// A Markdown file that describes the model: its inputs and outputs, training data and metrics, preprocessing, and a Python example.
    /// </summary>
    /// <value>The default is null: none.</value>
    public string? ModelCardPath { get; set; }

    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(
            Opset is null or >= OpsetConversion.Minimum and <= OpsetConversion.Maximum,
            nameof(Opset),
            Opset,
            $"{OpsetConversion.Minimum} to {OpsetConversion.Maximum}"
        );
        problems.Throw();
    }
}
