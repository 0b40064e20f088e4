using MLNetExtensions.UnseenModels;

namespace MLNetExtensions.TorchSharp.Tests;

/// <summary>
/// Kinds of ONNX files as all exporters write them: each loads and scores, a few go all the way. The whole matrix is the figure
/// <c>unseen-models</c>.
/// </summary>
public sealed class UnseenModelTests
{
    /// <summary>
    /// One of each thing that differs: how a batch of one is opened, where weights are, what the classifier looks like, how many channels
    /// images have.
    /// </summary>
    private static readonly string[] AllTheWay = ["torch14-vit", "tf2onnx13-nhwc", "torch13-gray-height-width", "torch13-rgba"];

    public static IEnumerable<TheoryDataRow<string>> Names => UnseenModel.All.Select(m => new TheoryDataRow<string>(m.Name));

    public static IEnumerable<TheoryDataRow<string>> WholeNames => AllTheWay.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_loads_and_scores_as_it_should(string name) => Check(name, UnseenStep.Load, UnseenStep.Score);

    [Theory]
    [MemberData(nameof(WholeNames))]
    public void Some_kinds_are_trained_compressed_and_saved(string name) => Check(name, Enum.GetValues<UnseenStep>());

    [Theory]
    [InlineData("torch9-batchnorm-training", UnseenStep.Head)]
    [InlineData("coreml9-labels-zipmap", UnseenStep.Head)]
    [InlineData("torch11-ssd-detector", UnseenStep.Head)]
    [InlineData("torch13-mean-variance-normalization", UnseenStep.Head)]
    [InlineData("torch13-half", UnseenStep.LastStages)]
    [InlineData("weights-double-cast", UnseenStep.LastStages)]
    [InlineData("torch11-squeeze-if", UnseenStep.Prune)]
    [InlineData("dynamo18-functions", UnseenStep.Prune)]
    public void What_once_failed_ends_as_it_should(string name, object step) => Check(name, (UnseenStep)step);

    [Fact]
    public void Names_are_unique_and_there_are_enough_kinds()
    {
        Assert.Equal(UnseenModel.All.Count, UnseenModel.All.Select(m => m.Name).Distinct().Count());
        Assert.True(UnseenModel.All.Count >= 100);
    }

    [Fact]
    public void A_kind_is_drawn_alike_by_equal_seeds()
    {
        UnseenModel model = UnseenModel.All[0];
        Assert.Equal(model.Create(3).ToBytes(), model.Create(3).ToBytes());
        Assert.NotEqual(model.Create(3).ToBytes(), model.Create(4).ToBytes());
    }

    private static void Check(string name, params UnseenStep[] steps)
    {
        UnseenModel model = UnseenModel.All.Single(m => m.Name == name);
        using var trial = new UnseenTrial(model);
        Assert.Null(trial.Problem());
        Assert.All(trial.Run(steps), outcome => Assert.True(outcome.IsRight != false, outcome.ToString()));
    }
}
