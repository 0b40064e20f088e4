using System.Text;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Decompositions;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Tests.Docs;

/// <summary>The text of docs/operators.md, from the table of operators and the runtimes' registries.</summary>
internal static class OperatorDocument
{
    public static string Write()
    {
        HashSet<string> torchSharp = [.. TorchSharp.Ops.OpRegistry.OpTypes],
            tensorFlow = [.. TensorFlow.Ops.OpRegistry.OpTypes];
        var text = new StringBuilder();
        text.Append(
            $"""
            # Operators

            What the library knows of ONNX's operators. A test writes this page from `OperatorTable` and compares it (see [CONTRIBUTING.md](../CONTRIBUTING.md#add-an-operator)): do not edit it.

            A model is scored by ONNX Runtime, with all operators that it has; this page is about training and compression.

            - **Opsets**: those in which a file may have the operator to be trained, of {OnnxGraph.MinimumOpset} to {OnnxGraph.MaximumOpset}. Older forms are rewritten in the newest one. Files of opset 23 and {OnnxGraph.NewestAlikeOpset} are trained too,
              without the operators that came in then.
            - **TorchSharp**, **TensorFlow**: "yes" is trained by a kernel of the runtime; "rewritten" in other operators of this page; "constants" where all that it reads is known before training. A model with
              a "no" among the layers that are trained is refused with a list of them; what is frozen may have any operator.
            - **INT8**: "layer" has 8-bit weights, which must be constants of the file; "yes" works on 8-bit values between layers; "activation" becomes part of the layer in front of it. All others stay in floats.
            - **Pruned through**: "yes" where pruning follows channels through the operator, "coupled" where channels of its inputs go together only. All channels that reach a "no" stay.
            - **Limits** are of training, unless they say otherwise. What is "known beforehand" follows from constants and shapes, as in exporters' `Shape -> Gather -> Concat -> Reshape`.

            | Operator | Opsets | TorchSharp | TensorFlow | INT8 | Pruned through | Limits |
            |---|---|---|---|---|---|---|

            """
        );
        foreach (OperatorInfo info in OperatorTable.All)
            text.Append(
                $"| {info.Name} | {Opsets(info)} | {Trained(info, torchSharp)} | {Trained(info, tensorFlow)} | {Int8(info)} | "
                    + $"{Pruned(info)} | {info.Limits} |\n"
            );
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Opsets(OperatorInfo info) =>
        info.Since > OnnxGraph.MaximumOpset
            ? $"from {info.Since}"
            : $"{Math.Max(info.Since, OnnxGraph.MinimumOpset)} to {(info.Until > 0 ? info.Until : OnnxGraph.MaximumOpset)}";

    private static string Trained(OperatorInfo info, HashSet<string> kernels)
    {
        if (kernels.Contains(info.Name))
            return "yes";
        var node = OnnxNode.Create(info.Name, [], []);
        return Rewrites.FindComposite(node) is not null || (info.Shape == OutputShape.Unshaped && Rewrites.Know(node)) ? "rewritten"
            : ConstantEvaluation.OpTypes.Contains(info.Name) ? "constants"
            : "no";
    }

    private static string Int8(OperatorInfo info) =>
        info.Int8 switch
        {
            Int8Rule.Weighted => "layer",
            Int8Rule.Computed or Int8Rule.Moved => "yes",
            Int8Rule.Padded => "with zeros",
            Int8Rule.Activation => "activation",
            _ => "no",
        };

    private static string Pruned(OperatorInfo info) =>
        info.Channels switch
        {
            ChannelRule.Fixed => "no",
            ChannelRule.Coupled => "coupled",
            _ => "yes",
        };
}
