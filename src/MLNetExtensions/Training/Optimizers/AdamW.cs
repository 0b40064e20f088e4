namespace MLNetExtensions.Training.Optimizers;

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101), as torch.optim.AdamW.</summary>
public sealed record AdamW : Adam
{
    /// <summary>Makes AdamW with PyTorch's weight decay of 0.01.</summary>
    public AdamW() => WeightDecay = 0.01f;
}
