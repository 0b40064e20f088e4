namespace MLNetExtensions.Onnx.Networks;

/// <summary>One layer of a network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OpType">The operator that holds its parameters, or its last one.</param>
/// <param name="OutputShape">The sizes of its output without the batch.</param>
/// <param name="Parameters">The number of trainable values.</param>
/// <param name="NonTrainableParameters">The number of values of running statistics.</param>
/// <param name="Macs">Multiplications and additions (counted as one) for one row.</param>
public sealed record LayerSummary(
    string Name,
    string OpType,
    IReadOnlyList<long> OutputShape,
    long Parameters,
    long NonTrainableParameters,
    long Macs
);
