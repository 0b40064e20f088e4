using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>GroupNormalization of opset 18 has a scale and a bias for each group; from 21 on they are for each channel.</summary>
internal sealed class GroupNormalizationForm() : NodeRewrite("GroupNormalization", until: 20)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long channels = node.Shape(0)[1];
        long groups = node.Node.Int("num_groups", 0);
        if (groups < 1 || channels % groups != 0)
            throw node.Malformed($"num_groups {groups} does not divide {channels} channels");
        build.Finish("GroupNormalization", [node.Node.Inputs[0], ForChannels(1), ForChannels(2)], [.. node.Node.Attributes.Values]);

        string ForChannels(int input)
        {
            string column = build.Add("Reshape", [node.Node.Inputs[input], build.Ints(groups, 1)]);
            string repeated = build.Add("Expand", [column, build.Ints(groups, channels / groups)]);
            return build.Add("Reshape", [repeated, build.Ints(channels)]);
        }
    }
}
