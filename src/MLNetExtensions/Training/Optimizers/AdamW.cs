namespace MLNetExtensions.Training.Optimizers;

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101), like torch.optim.AdamW.</summary>
public sealed record AdamW : AdamOptimizer
{
    /// <summary>Creates AdamW with PyTorch's weight decay of 0.01.</summary>
    public AdamW() => WeightDecay = 0.01f;

    internal override bool IsDecoupled => true;
}
