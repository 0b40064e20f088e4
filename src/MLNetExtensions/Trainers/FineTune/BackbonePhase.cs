using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.FineTune.LowRank;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Soups;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>The phase that trains layers of the backbone, together with the head.</summary>
/// <param name="options">The options.</param>
/// <param name="body">The backbone behind its preprocessing, as it is trained.</param>
/// <param name="deployedBody">The backbone behind its preprocessing, as it is saved.</param>
internal sealed class BackbonePhase(FineTuneOptions options, OnnxGraph body, OnnxGraph deployedBody)
{
    /// <summary>Trains the layers.</summary>
    /// <param name="plan">The Fit.</param>
    /// <param name="runner">Runs its phases.</param>
    /// <param name="frozen">The layers before the trained ones, and these.</param>
    /// <param name="rows">What the frozen layers gave.</param>
    /// <param name="head">The trained head.</param>
    /// <param name="result">Receives how training ended.</param>
    /// <returns>The network to save and its head.</returns>
    public (OnnxGraph Body, OnnxGraph Head) Train(
        TrainerPlan plan,
        TrainerRunner runner,
        FrozenLayers frozen,
        FrozenRows rows,
        OnnxGraph head,
        out TrainingLoop.PhaseResult result
    )
    {
        OnnxGraph plain = GraphJoin.Append(frozen.Trained!, head);
        using Teacher? teacher = plan.OpenTeacher();
        IReadOnlyCollection<string> hints = [];
        if (teacher?.Hints > 0)
        {
            OnnxGraph hinted = HintedSession.Attach(plain, teacher.Hints, plan.Setup.Seed);
            hints = [.. hinted.Initializers.Keys.Except(plain.Initializers.Keys)];
            plain = hinted;
        }
        AdaptedNetwork? adapted = Adapt(plan, plain, frozen.TrainedParameters);
        OnnxGraph network = adapted?.Graph ?? plain;
        TrainingSessionOptions session = plan.SessionOptions(
            [.. adapted?.Parameters ?? frozen.TrainedParameters, .. ClassificationHead.Parameters, .. hints],
            options.Optimizer ?? new AdamW { WeightDecay = 0.05f },
            teacher
        );
        int rowCount = plan.Rows.Training.Length,
            epochs = options.BackboneEpochs(rowCount),
            stepsPerEpoch = (rowCount + options.BatchSize - 1) / options.BatchSize;
        float learningRate = options.BackboneLearningRate(epochs * stepsPerEpoch);
        bool chosen = options.LearningRate is null && options.Optimizer is null;
        Dictionary<string, ParameterGroup> groups = BackboneGroups.Of(
            options,
            body,
            network,
            adapted?.Adapted ?? frozen.TrainedParameters.ToDictionary(name => name),
            chosen && adapted is null ? learningRate : null,
            stepsPerEpoch
        );
        groups[ClassificationHead.Bias] = new ParameterGroup(LearningRate: 1, WeightDecay: 0);
        session.ParameterGroups = groups;
        using ITrainingSession trained = plan.CreateSession(network, session, teacher);
        result = runner.Train(
            new PhasePlan
            {
                Phase = TrainingPhase.Backbone,
                Session = trained,
                Network = network,
                Inputs = rows.TrainedLayerInputs,
                Epochs = epochs,
                LearningRate = learningRate,
                Deployed = weights => Join(Split(weights)),
                AugmentsBatches = true,
                Teacher = teacher,
                StartsTrained = runner.HasLearned,
                LowersRate = chosen,
            }
        );
        return Split(trained.ReadWeights());

        (OnnxGraph Body, OnnxGraph Head) Split(IReadOnlyDictionary<string, OnnxTensor> weights)
        {
            IReadOnlyDictionary<string, OnnxTensor> saved = Saved(plain, adapted, weights);
            return (deployedBody.WithWeights(saved), head.WithWeights(saved));
        }
    }

    private static OnnxGraph Join((OnnxGraph Body, OnnxGraph Head) parts) =>
        GraphJoin.Append(parts.Body, ClassificationHead.Fold(parts.Head));

    private AdaptedNetwork? Adapt(TrainerPlan plan, OnnxGraph plain, IReadOnlyList<string> parameters)
    {
        if (options.LowRankAdaptation is not { } adaptation)
            return null;
        var adapted = new AdaptedNetwork(plain, adaptation, parameters, plan.Setup.Seed);
        plan.Setup.Log.Info(
            $"Low-rank adaptation trains {adapted.ParameterCount:N0} values in place of "
                + $"{parameters.Sum(name => plain.Initializers[name].Count):N0}."
        );
        return adapted;
    }

    /// <summary>The weights of the saved network: low-rank products are added, and some of the pretrained weights is mixed in.</summary>
    private IReadOnlyDictionary<string, OnnxTensor> Saved(
        OnnxGraph plain,
        AdaptedNetwork? adapted,
        IReadOnlyDictionary<string, OnnxTensor> trained
    )
    {
        trained = adapted?.Fold(trained) ?? trained;
        double before = options.PretrainedFraction;
        return before == 0
            ? trained
            : trained.ToDictionary(w => w.Key, w => WeightMeans.Of([plain.Initializers[w.Key], w.Value], [before, 1 - before]));
    }
}
