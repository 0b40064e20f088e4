namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The samples, run as a newcomer runs them.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FineTune_trains_saves_and_predicts()
    {
        string model = Path.Combine(_folder.Path, "model.zip");
        string output = await SampleProgram.Run("FineTune", expectedExit: 0, "--output", model);
        Assert.Contains("On photos it has not seen: accuracy", output, StringComparison.Ordinal);
        Assert.Contains("star", output, StringComparison.Ordinal);
        Assert.Contains("The saved model says", output, StringComparison.Ordinal);
        Assert.True(File.Exists(model));
    }

    [Fact]
    public async Task FineTune_says_what_is_wrong()
    {
        string output = await SampleProgram.Run("FineTune", expectedExit: 1, Path.Combine(_folder.Path, "nothing"));
        Assert.Contains(Path.Combine(_folder.Path, "nothing"), output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnnxScoring_scores_before_and_after_saving()
    {
        string output = await SampleProgram.Run("OnnxScoring", expectedExit: 0);
        Assert.Contains("saved, loaded, accelerated: 200 images", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_shows_the_cost_of_INT8()
    {
        string output = await SampleProgram.Run("Quantize", expectedExit: 0);
        Assert.Contains("times smaller", output, StringComparison.Ordinal);
        Assert.Contains("Accuracy in a pipeline, before: ", output, StringComparison.Ordinal);
    }
}
