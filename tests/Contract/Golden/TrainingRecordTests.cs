namespace MLNetExtensions.TrainingContract.Golden;

/// <summary>
/// Small networks as PyTorch exports them: logits, gradients, five training steps and BatchNorm statistics are PyTorch's.
/// </summary>
public class TrainingRecordTests
{
    public static TheoryData<string> Networks => [.. TrainingRecord.Networks];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_pass_agrees(string network)
    {
        using var record = new TrainingRecord(network);
        Assert.Empty(record.Forward());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_agree(string network)
    {
        using var record = new TrainingRecord(network);
        Assert.Empty(record.Gradients());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Five_steps_agree(string network)
    {
        using var record = new TrainingRecord(network);
        Assert.Empty(record.FiveSteps());
    }
}
