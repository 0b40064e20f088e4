namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>TF_CONFIG, as a worker gets it: all addresses, and which of them is its own.</summary>
internal sealed record TensorFlowConfiguration(TensorFlowConfiguration.Addresses Cluster, TensorFlowConfiguration.Place Task)
{
    /// <summary>The cluster's part.</summary>
    internal sealed record Addresses(IReadOnlyList<string> Worker);

    /// <summary>The worker's part.</summary>
    internal sealed record Place(string Type, int Index);
}
