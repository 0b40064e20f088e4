namespace MLNetExtensions.TensorFlow;

/// <summary>The options for exporting with <see cref="TensorFlowModel"/>.</summary>
public sealed class TensorFlowExportOptions
{
    /// <summary>
    /// True if the exported model takes images as batch, height, width, channels, like TensorFlow's own models. Outputs keep ONNX's order.
    /// </summary>
    /// <value>The default value is false: batch, channels, height, width, as in the ONNX graph.</value>
    public bool ChannelsLast { get; set; }

    /// <summary>The batch size that the model takes.</summary>
    /// <value>The default value is null: any. A network whose nodes fix the batch size causes an error that asks for this option.</value>
    public int? BatchSize { get; set; }

    /// <summary>The outputs to write, by their names in the ONNX graph.</summary>
    /// <value>The default value is null: all that are numbers.</value>
    public IReadOnlyList<string>? Outputs { get; set; }

    /// <summary>The signature's name.</summary>
    /// <value>The default value is <c>serving_default</c>, which TensorFlow Serving uses if a request names none.</value>
    public string Signature { get; set; } = "serving_default";

    internal TensorFlowExportOptions Copy()
    {
        if (BatchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(BatchSize), BatchSize, $"{nameof(BatchSize)} must be null or at least 1.");
        if (string.IsNullOrEmpty(Signature))
            throw new ArgumentException($"{nameof(Signature)} is empty; expected a name such as serving_default.");
        var copy = (TensorFlowExportOptions)MemberwiseClone();
        copy.Outputs = Outputs is null ? null : [.. Outputs];
        return copy;
    }
}
