using Microsoft.ML;
using MLNetExtensions.Search;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Tests.Search;

/// <summary>Settings of sweeps that are out of range or contradict the space.</summary>
public class SweepSettingsTests
{
    [Fact]
    public void Contradictions_are_named_before_anything_runs()
    {
        var made = new MadeTrials();
        var ml = new MLContext();
        Expect<ArgumentOutOfRangeException>("Folds must be at least 2", new SweepOptions { Folds = 1 });
        Expect<ArgumentOutOfRangeException>(
            "ValidationFraction must be given alone",
            new SweepOptions { Folds = 2, ValidationFraction = 0.1 }
        );
        Expect<ArgumentOutOfRangeException>(
            "Halving.Halving.Factor must be at least 2",
            new SweepOptions { Halving = new Halving { Factor = 1 } }
        );
        Expect<ArgumentOutOfRangeException>("TimeBudget must be above zero", new SweepOptions { TimeBudget = TimeSpan.Zero });
        Expect<ArgumentOutOfRangeException>(
            "waits for all trials",
            new SweepOptions
            {
                TimeBudget = TimeSpan.FromMinutes(1),
                Halving = new Halving { Rule = HalvingRule.Synchronous },
            }
        );
        Assert.Contains(
            "The space has no hyper-parameters",
            Assert
                .Throws<ArgumentException>(() =>
                    ml.Regression.Sweep(made.Rows, _ => ml.Regression.Trainers.Sdca(), new SearchSpace<Sdca>())
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Epochs is in the space, and halving gives the epochs out itself",
            Assert
                .Throws<ArgumentException>(() =>
                    ml.MulticlassClassification.Sweep(
                        made.Rows,
                        options => ml.MulticlassClassification.Trainers.TrainNetwork(options),
                        new SearchSpace<TrainNetworkOptions>().Range(o => o.Epochs, 1, 9)
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Let the function that makes the estimator take a TrialRun",
            Assert
                .Throws<ArgumentException>(() =>
                    ml.Regression.Sweep(
                        made.Rows,
                        _ => ml.Regression.Trainers.Sdca(),
                        new SearchSpace<Sdca>().Range(o => o.L2, 0f, 1f),
                        new SweepOptions { Halving = new Halving { MaxEpochs = 9 } }
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Empty(made.Trained);

        void Expect<T>(string message, SweepOptions options)
            where T : Exception => Assert.Contains(message, Assert.Throws<T>(() => made.Sweep(options)).Message, StringComparison.Ordinal);
    }

    private sealed class Sdca
    {
        public float L2 { get; set; }
    }
}
