using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Batches;

namespace MLNetExtensions.Scoring;

/// <summary>Scores row by row, for PredictionEngine.</summary>
internal sealed class ScoredRowMapper(DataViewSchema input, ScoredSchema schema, ScoringEngine engine) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        List<DataViewSchema.Column> columns = [.. dependingColumns];
        IEnumerable<DataViewSchema.Column> needed = schema.Others(columns);
        return columns.Exists(schema.IsScored) ? needed.Concat(engine.ColumnsOf(input)).DistinctBy(c => c.Index) : needed;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new Row(schema, engine, input, [.. activeColumns.Select(c => c.Index)]);

    private sealed class Row(ScoredSchema schema, ScoringEngine engine, DataViewRow input, HashSet<int> active) : DataViewRow, IScoreSource
    {
        private const int InUse = 1,
            IsDisposed = 2;

        private RowReader? _reader;
        private ScoreBatch? _batch;
        private long _scored = -1;
        private int _state;

        public override DataViewSchema Schema => schema.Output;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public bool IsMissing => Scored().IsMissing(0);

        public ImageSize Image => Scored().ImageOf(0);

        public ReadOnlySpan<T> Values<T>(int output) => Scored().Values<T>(output, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the row was made.");
            if (!schema.IsScored(column))
                return input.GetGetter<TValue>(schema.Other(column));
            _reader ??= engine.Open(input);
            ValueGetter<TValue> getter = schema.Getter<TValue>(column, this);
            return (ref TValue value) =>
            {
                Enter();
                try
                {
                    getter(ref value);
                }
                finally
                {
                    Leave();
                }
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                if (Interlocked.Or(ref _state, IsDisposed) == 0)
                    _batch?.Dispose();
                input.Dispose();
            }
            base.Dispose(disposing);
        }

        private ScoreBatch Scored()
        {
            if (_batch is not null && _scored == input.Position)
                return _batch;
            _batch ??= engine.NewBatch(1);
            _scored = -1;
            _reader!.Fill(_batch);
            engine.Score(_batch, _reader, alone: true);
            if (_batch.Error is not null)
                ExceptionDispatchInfo.Throw(_batch.Error);
            _scored = input.Position;
            return _batch;
        }

        /// <summary>Takes the batch, for one thread.</summary>
        private void Enter()
        {
            int state = Interlocked.Or(ref _state, InUse);
            if (state == 0)
                return;
            if (state == IsDisposed)
                Interlocked.And(ref _state, ~InUse);
            throw (state & IsDisposed) != 0
                ? Disposed.Model(nameof(PredictionEngine<,>), engine.Session.Source.Name)
                : new InvalidOperationException(
                    "One PredictionEngine, or one row of a mapper, is used by several threads at the same time, which ML.NET does not "
                        + "allow: they would get each other's "
                        + "predictions. Make one for each thread, or share a VisionPredictor (ml.Model.CreateVisionPredictor)."
                );
        }

        /// <summary>Gives the batch back; where its row was disposed meanwhile, frees it.</summary>
        private void Leave()
        {
            if ((Interlocked.And(ref _state, ~InUse) & IsDisposed) != 0)
                _batch?.Dispose();
        }
    }
}
