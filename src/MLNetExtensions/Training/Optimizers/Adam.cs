namespace MLNetExtensions.Training.Optimizers;

/// <summary>Adam (arXiv 1412.6980), like torch.optim.Adam: weight decay is added to the gradient (L2).</summary>
public sealed record Adam : AdamOptimizer
{
    internal override bool IsDecoupled => false;
}
