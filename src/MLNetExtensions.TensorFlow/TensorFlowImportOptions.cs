namespace MLNetExtensions.TensorFlow;

/// <summary>The options for importing with <see cref="TensorFlowModel"/>.</summary>
public sealed class TensorFlowImportOptions
{
    /// <summary>The frozen graph's input, a Placeholder.</summary>
    /// <value>The default value is null: the only Placeholder.</value>
    public string? Input { get; set; }

    /// <summary>The frozen graph's output, as <c>node</c> or <c>node:1</c>.</summary>
    /// <value>The default value is null: the last Softmax, or the only node that no other reads.</value>
    public string? Output { get; set; }

    /// <summary>The input's sizes in TensorFlow's order (batch, height, width, channels), -1 for an open one.</summary>
    /// <value>The default value is null: those of the file.</value>
    public IReadOnlyList<long>? InputShape { get; set; }

    /// <summary>The SavedModel's signature.</summary>
    /// <value>The default value is <c>serving_default</c>.</value>
    public string Signature { get; set; } = "serving_default";
}
