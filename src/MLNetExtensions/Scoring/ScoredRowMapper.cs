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
        private RowReader? _reader;
        private ScoreBatch? _batch;
        private long _scored = -1;
        private int _inUse;

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
            return schema.Getter<TValue>(column, this);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
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
            if (Interlocked.Exchange(ref _inUse, 1) != 0)
                throw new InvalidOperationException(
                    "One PredictionEngine, or one row of a mapper, is used by several threads at the same time, which ML.NET does not "
                        + "allow: they would get each other's "
                        + "predictions. Make one for each thread, or share a VisionPredictor (ml.Model.CreateVisionPredictor)."
                );
            try
            {
                _reader!.Fill(_batch);
                engine.Score(_batch, _reader, alone: true);
            }
            finally
            {
                Volatile.Write(ref _inUse, 0);
            }
            if (_batch.Error is not null)
                ExceptionDispatchInfo.Throw(_batch.Error);
            _scored = input.Position;
            return _batch;
        }
    }
}
