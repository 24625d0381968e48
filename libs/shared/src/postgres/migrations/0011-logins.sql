-- Each service has a login of its own, which is in one role and in no other. What two services share is divided by rows.

-- Verbs of `assay` act as one service or the reader at a time. An operator's login is in this role, which has no right by itself.
do $$
declare
  service_role text;
begin
  begin
    create role assay_operator nologin;
  exception
    when duplicate_object or unique_violation then null;
  end;
  foreach service_role in array array['assay_ingest', 'assay_bridge', 'assay_validator', 'assay_output', 'assay_console', 'assay_reader'] loop
    -- Roles belong to the server: another database may have done this already, or is just doing it.
    if not pg_has_role('assay_operator', service_role, 'SET') then
      begin
        execute format('grant %I to assay_operator with inherit false, set true', service_role);
      exception
        when unique_violation or internal_error then null;
      end;
    end if;
  end loop;
end
$$;

-- A lane is `assay.<service>.<lane>`. Views of `lineage` belong to who migrates and see every row.
alter table assay.offsets enable row level security;
create policy own_lanes_of_ingest on assay.offsets to assay_ingest using (starts_with(lane, 'assay.ingest.'));
create policy own_lanes_of_bridge on assay.offsets to assay_bridge using (starts_with(lane, 'assay.annotation-bridge.'));
create policy own_lanes_of_validator on assay.offsets to assay_validator using (starts_with(lane, 'assay.quality-validator.'));
create policy own_lanes_of_output on assay.offsets to assay_output using (starts_with(lane, 'assay.output.'));

-- A service that may not migrate looks here whether the database is of its release.
create view lineage.migrations as select version, name, sha256, applied_at from assay.migrations;
grant usage on schema lineage to assay_ingest, assay_bridge, assay_validator, assay_output;
grant select on lineage.migrations to assay_ingest, assay_bridge, assay_validator, assay_output, assay_reader;
