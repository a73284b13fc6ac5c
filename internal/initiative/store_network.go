package initiative

import (
	"context"

	"commonweal/internal/db"
)

func insertNetwork(ctx context.Context, q db.Querier, n Network, at db.Stamp) error {
	return db.Exec(ctx, q, `insert into network (id, name, about, created_at) values ($1, $2, $3, $4)`,
		n.ID, n.Name, n.About, at)
}

func networkExists(ctx context.Context, q db.Querier, id string) error {
	_, err := db.One(ctx, q, db.Value[string], `select id from network where id = $1`, id)
	return err
}

func join(ctx context.Context, q db.Querier, network, initiative string, at db.Stamp) error {
	return db.Exec(ctx, q, `
		insert into network_member (initiative_id, network_id, joined_at) values ($1, $2, $3)
		on conflict (initiative_id, network_id) do nothing`, initiative, network, at)
}

func leave(ctx context.Context, q db.Querier, network, initiative string) error {
	return db.Exec(ctx, q, `delete from network_member where initiative_id = $1 and network_id = $2`,
		initiative, network)
}

func networks(ctx context.Context, q db.Querier) ([]Network, error) {
	return db.All(ctx, q, func(row db.Row) (n Network, err error) {
		err = row.Scan(&n.ID, &n.Name, &n.About)
		return n, err
	}, `select id, name, about from network order by created_at, id`)
}

type networkMember struct{ network, initiative string }

func networkMembers(ctx context.Context, q db.Querier) ([]networkMember, error) {
	return db.All(ctx, q, func(row db.Row) (m networkMember, err error) {
		err = row.Scan(&m.network, &m.initiative)
		return m, err
	}, `select network_id, initiative_id from network_member order by joined_at, initiative_id`)
}
