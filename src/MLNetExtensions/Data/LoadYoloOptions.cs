namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="Microsoft.ML.YoloCatalog.LoadFromYolo"/>. Images lie in the folder <c>images</c> beside <c>labels</c>; the
/// classes are those of <c>data.yaml</c>, <c>classes.txt</c> or <c>obj.names</c>, in the file's order.
/// </summary>
public sealed record LoadYoloOptions : LoadBoxesOptions
{
    /// <summary>The sub-folder of <c>images</c> and <c>labels</c> to read: <c>train</c>, <c>val</c>.</summary>
    /// <value>The default is null: all of them.</value>
    public string? Part { get; init; }
}
