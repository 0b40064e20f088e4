using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>
/// The weights of a SavedModel beside its graph: the ops that save and restore them, under the names that TensorFlow's own Saver gives, and
/// their files.
/// </summary>
internal static class Checkpoint
{
    private const string FileName = "save/Const",
        Saving = "save/control_dependency",
        Restoring = "save/restore_all";

    /// <summary>Adds the ops for variables.</summary>
    public static void AddOps(TensorFlowGraph g, IReadOnlyList<ExportedVariable> variables)
    {
        if (variables.Count == 0)
            return;
        Symbol file = g.Op("PlaceholderWithDefault").Named(FileName).Input(g.Texts(isList: false, "model")).SetShape("shape", []).Output();
        (Symbol keys, Symbol slices) = Keys(g, variables);
        IntPtr saved = g.Op("SaveV2")
            .Named("save/SaveV2")
            .Input(file)
            .Input(keys)
            .Input(slices)
            .Inputs(variables.Select(v => v.Read))
            .Finish();
        g.Op("Identity").Named(Saving).Input(file).After(saved).Finish();
        Symbol[] values = g.Op("RestoreV2")
            .Named("save/RestoreV2")
            .Input(file)
            .Input(keys)
            .Input(slices)
            .Set("dtypes", [.. variables.Select(v => v.Read.Type)])
            .Outputs();
        OpBuilder all = g.Op("NoOp").Named(Restoring);
        foreach ((ExportedVariable variable, Symbol value) in variables.Zip(values))
            all.After(
                g.Op("AssignVariableOp").Named(Assigning(variable)).Input(variable.Handle).Input(value).Set("dtype", value.Type).Finish()
            );
        all.Finish();
    }

    /// <summary>Tells a model's loader of the ops: TensorFlow's in C++ by the saver, Python's by the collections too.</summary>
    public static void Describe(MetaGraphDef model, IReadOnlyList<ExportedVariable> variables)
    {
        if (variables.Count == 0)
            return;
        model.SaverDef = new SaverDef
        {
            FilenameTensorName = $"{FileName}:0",
            SaveTensorName = $"{Saving}:0",
            RestoreOpName = Restoring,
            MaxToKeep = 5,
            KeepCheckpointEveryNHours = 10000,
            Version = 2,
        };
        model.CollectionDef["variables"] = Collection(variables);
        model.CollectionDef["trainable_variables"] = Collection(variables.Where(v => v.IsTrainable));
    }

    /// <summary>Writes the files.</summary>
    /// <param name="prefix">Their path without the ending.</param>
    /// <param name="variables">The variables to write.</param>
    /// <exception cref="TensorFlowException">TensorFlow cannot write them.</exception>
    public static void Write(string prefix, IReadOnlyList<ExportedVariable> variables)
    {
        if (variables.Count == 0)
            return;
        using var g = new TensorFlowGraph();
        var feeds = new List<(Symbol Value, Tensor Tensor)>();
        try
        {
            foreach (ExportedVariable variable in variables)
            {
                Tensor tensor = Tensor.Of(variable.Tensor);
                feeds.Add((g.Placeholder(tensor.Type, [.. variable.Tensor.Shape]), tensor));
            }
            (Symbol keys, Symbol slices) = Keys(g, variables);
            IntPtr save = g.Op("SaveV2")
                .Input(g.Texts(isList: false, prefix))
                .Input(keys)
                .Input(slices)
                .Inputs(feeds.Select(f => f.Value))
                .Finish();
            using var session = new GraphSession(g, TrainingDevice.WithoutGpus);
            session.Run(feeds, [], save);
        }
        finally
        {
            feeds.ForEach(f => f.Tensor.Dispose());
        }
    }

    private static (Symbol Keys, Symbol Slices) Keys(TensorFlowGraph g, IReadOnlyList<ExportedVariable> variables) =>
        (g.Texts(isList: true, [.. variables.Select(v => v.Name)]), g.Texts(isList: true, [.. variables.Select(_ => "")]));

    private static string Assigning(ExportedVariable variable) => $"{variable.Name}/Assign";

    private static CollectionDef Collection(IEnumerable<ExportedVariable> variables)
    {
        var list = new CollectionDef.Types.BytesList();
        foreach (ExportedVariable variable in variables)
            list.Value.Add(
                new VariableDef
                {
                    VariableName = $"{variable.Name}:0",
                    InitializerName = Assigning(variable),
                    SnapshotName = $"{variable.Name}/Read/ReadVariableOp:0",
                    IsResource = true,
                    Trainable = variable.IsTrainable,
                }.ToByteString()
            );
        return new CollectionDef { BytesList = list };
    }
}
