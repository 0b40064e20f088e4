using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;
using Xunit;

namespace MLNetExtensions.Tests.Training.Targets;

public class TargetsTests
{
    [Fact]
    public void Classes_are_encoded_as_cross_entropy_does()
    {
        int[] labels = [2, 0, 1, 1];
        float[] classWeights = [0.5f, 2, 3];
        var expected = new float[6];
        float weight = new CrossEntropy(0.1f, classWeights).Encode([1, 2], 3, expected);
        var target = new ClassTargets(labels, 3, new CrossEntropy(0.1f, classWeights));
        (float[] targets, float sum) = Encode(target, [3, 0], training: true);
        Assert.Equal(expected, targets);
        Assert.Equal(weight, sum);
        (float[] plain, float rows) = Encode(target, [3, 0], training: false);
        Assert.Equal([0, 1, 0, 0, 0, 1], plain);
        Assert.Equal(2, rows);
    }

    [Fact]
    public void Levels_are_steps_between_neighbors()
    {
        var targets = new OrdinalTargets([0, 2, 3], 4);
        Assert.Equal(3, targets.Width);
        Assert.Equal([1, 1, 1, 0, 0, 0, 1, 1, 0], Encode(targets, [2, 0, 1], training: true).Targets);
        // Level 1 for a row of level 2, level 3 for one of level 3.
        Assert.Equal(new OutputMeasures(1, 1), targets.Measure([1, 2], [3, -3, -3, 5, 5, 5]));
    }

    [Fact]
    public void Level_probabilities_are_none_below_zero_and_one_together()
    {
        var probabilities = new float[4];
        OrdinalTargets.LevelProbabilities([0, 2, -1], probabilities);
        Assert.Equal([0.5f, 0, 0.5f - 0.26894143f, 0.26894143f], probabilities, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Several_labels_count_one_by_one()
    {
        var targets = new MultiLabelTargets([1, 0, 0, 1, 1, 0], 3);
        Assert.Equal([1, 1, 0, 1, 0, 0], Encode(targets, [1, 0], training: true).Targets);
        Assert.Equal(2 / 3.0, targets.Measure([0], [2, 2, -2]).Right!.Value, 9);
    }

    [Fact]
    public void Values_are_standardized_by_the_training_rows()
    {
        var targets = new ValueTargets([100, 300, 1000], [0, 1]);
        Assert.Equal((200f, 100f), (targets.Mean, targets.Deviation));
        Assert.Equal([-1, 8], Encode(targets, [0, 2], training: true).Targets);
        Assert.Equal(new OutputMeasures(null, 50), targets.Measure([1], [0.5f]));
        Assert.Equal(1, new ValueTargets([7, 7], [0, 1]).Deviation);
    }

    private static (float[] Targets, float Weight) Encode(TrainingTargets targets, int[] rows, bool training)
    {
        var encoded = new float[rows.Length * targets.Width];
        return (encoded, targets.Encode(rows, training, encoded));
    }
}
