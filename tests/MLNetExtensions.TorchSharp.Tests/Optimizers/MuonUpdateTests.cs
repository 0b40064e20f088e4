using MLNetExtensions.TorchSharp.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests.Optimizers;

public class MuonUpdateTests
{
    [Theory]
    [InlineData(3, 40)]
    [InlineData(40, 3)]
    [InlineData(8, 8)]
    public void Orthogonalized_matrices_have_singular_values_near_one(int rows, int columns)
    {
        using IDisposable scope = torch.NewDisposeScope();
        Tensor matrix = torch.tensor(Batches.Weight(new Random(1), "w", rows, columns).ToFloats(), [rows, columns]);
        float[] singular = torch.linalg.svdvals(MuonUpdate.Orthogonalize(matrix, 5)).data<float>().ToArray();
        Assert.All(singular, value => Assert.InRange(value, 0.6f, 1.25f));
    }
}
