using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Tasks;

/// <summary>
/// One of several levels in an order: the network's outputs are logits that the level is above each of its steps, the columns those of
/// <see cref="ClassificationScoring"/>. As <see cref="Training.Targets.OrdinalTargets.LevelProbabilities"/>.
/// </summary>
internal sealed class OrdinalScoring(ClassLabels labels, string predictedLabelColumn) : ClassificationScoring(labels, predictedLabelColumn)
{
    private readonly int _steps = labels.Count - 1;

    public override int NetworkOutputs => _steps;

    private protected override GraphEnd Probabilities(ScoringNames names)
    {
        var end = new GraphEnd(names);
        var smallest = new string[_steps];
        for (int step = 0; step < _steps; step++)
        {
            string index = end.Constant(OnnxTensor.FromInt64s($"step{step}", [1], [step]));
            string logit = end.Add("Gather", [GraphEnd.NetworkOutput, index], OnnxAttribute.Of("axis", 1));
            smallest[step] = step == 0 ? logit : end.Add("Min", [smallest[step - 1], logit]);
        }
        string above = end.Add("Sigmoid", [_steps == 1 ? smallest[0] : end.Add("Concat", smallest, OnnxAttribute.Of("axis", 1))]);
        // A level's probability is the difference of two neighbors; the lowest one is "above" for certain.
        var differences = new float[_steps * (_steps + 1)];
        for (int step = 0; step < _steps; step++)
            (differences[step * (_steps + 1) + step], differences[step * (_steps + 1) + step + 1]) = (-1, 1);
        var lowest = new float[_steps + 1];
        lowest[0] = 1;
        string products = end.Add("MatMul", [above, end.Constant(OnnxTensor.FromFloats("differences", [_steps, _steps + 1], differences))]);
        end.AddLast("Add", [products, end.Constant(OnnxTensor.FromFloats("lowest", [_steps + 1], lowest))]);
        return end;
    }
}
